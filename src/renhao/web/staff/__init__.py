"""Staff pages: login, today, arrival, the window, names, schedule import, suspension."""

from litestar import Router

from renhao.web.staff import (
    arrival,
    imports,
    login,
    names,
    sessions,
    slots,
    suspend,
    today,
    window,
)

ROUTES = [
    Router(
        sessions.PATH,
        route_handlers=[
            login.ask,
            login.log_in,
            login.log_out,
            today.today,
            arrival.ask,
            arrival.find,
            arrival.check_in,
            window.ask_card,
            window.read_card,
            window.person,
            window.cancel,
            window.void,
            slots.choose,
            slots.book,
            names.ask,
            names.propose,
            names.confirm,
            imports.ask_file,
            imports.dry_run,
            imports.apply,
            imports.template,
            suspend.list_clinics,
            suspend.plan,
            suspend.suspend,
        ],
    )
]

__all__ = ["ROUTES"]
