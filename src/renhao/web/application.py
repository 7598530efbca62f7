"""The web application: its routes, and what every request goes through."""

from litestar import Litestar
from litestar.config.compression import CompressionConfig
from litestar.datastructures import State
from litestar.di import Provide

from renhao.services import Services
from renhao.web import assets, edge, preferences, problems, protection
from renhao.web.patient import department_pages
from renhao.web.routes import ROUTES

COMPRESSED_FROM_BYTES = 1000


def make_app(services: Services) -> Litestar:
    """Make the application that serves these services."""
    settings, pages = services.settings, department_pages(services)

    app = Litestar(
        [assets.router(), preferences.choose_language, preferences.choose_elder, *ROUTES],
        dependencies={
            "services": Provide(lambda: services, sync_to_thread=False),
            "department_pages": Provide(lambda: pages, sync_to_thread=False),
        },
        state=State({"services": services}),
        csrf_config=protection.csrf(secret=services.csrf_secret, secure=settings.secure_cookies),
        compression_config=CompressionConfig("gzip", minimum_size=COMPRESSED_FROM_BYTES),
        exception_handlers=problems.HANDLERS,
        request_max_body_size=protection.BODY_BYTES_MAX,
        logging_config=None,
        openapi_config=None,
    )

    app.asgi_handler = edge.Edge(app.asgi_handler, secure=settings.secure_cookies)
    return app
