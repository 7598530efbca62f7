"""The web application: its routes, and what every request goes through."""

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide

from renhao.services import Services
from renhao.web import api, assets, edge, operate, preferences, problems, protection, readers
from renhao.web.legible import legible
from renhao.web.patient import department_pages
from renhao.web.routes import ROUTES

COMPRESSED_FROM_BYTES = 1000


def make_app(services: Services) -> Litestar:
    """Make the application that serves these services."""
    settings, pages = services.settings, department_pages(services)
    shared = readers.Readers(services)
    metrics, tracing = (
        operate.Metrics(services.allocators),
        operate.provider(settings.otlp_endpoint),
    )

    app = Litestar(
        [
            assets.router(),
            preferences.choose_language,
            preferences.choose_elder,
            *ROUTES,
            api.api_router(),
            operate.operate_router(),
        ],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "department_pages": Provide(lambda: pages, sync_to_thread=False),
        },
        state=State(
            {
                "services": services,
                "metrics": metrics,
                "tracing": tracing,
                "availability": api.Availability(services),
                "readers": shared,
            }
        ),
        middleware=[legible],
        csrf_config=protection.csrf(secret=services.csrf_secret, secure=settings.secure_cookies),
        compression_config=CompressionConfig("gzip", minimum_size=COMPRESSED_FROM_BYTES),
        exception_handlers=api.problems_of(problems.HANDLERS),
        request_max_body_size=protection.BODY_BYTES_MAX,
        logging_config=None,
        openapi_config=api.config(),
        include_in_schema=False,
    )

    app.on_shutdown.append(shared.notes.close)
    if tracing is not None:
        app.on_shutdown.append(tracing.shutdown)
    measured = operate.surround(app.asgi_handler, metrics, tracing)
    app.asgi_handler = edge.Edge(measured, secure=settings.secure_cookies)
    return app
