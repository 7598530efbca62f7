"""The patients' pages: every step a plain GET or POST, none needs a script."""

from litestar.handlers import HTTPRouteHandler

from renhao.web.patient import account, appointments, book, clinics, home, login, people
from renhao.web.patient.department_pages import department_pages

__all__ = ["ROUTES", "department_pages"]

ROUTES: list[HTTPRouteHandler] = [
    home.home,
    home.hospital_home,
    home.departments,
    clinics.department,
    clinics.clinic,
    book.check,
    book.book,
    appointments.list_visits,
    appointments.show,
    appointments.calendar,
    appointments.ask_cancel,
    appointments.cancel,
    appointments.ask_move,
    appointments.move,
    people.list_people,
    people.ask_person,
    people.add_person,
    people.ask_removal,
    people.remove_person,
    login.ask_phone,
    login.send_code,
    login.log_in,
    login.ask_proof,
    login.prove,
    login.start_anew,
    account.account,
    account.list_sessions,
    account.revoke,
    account.log_out,
    account.privacy,
]
