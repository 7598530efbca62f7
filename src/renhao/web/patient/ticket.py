"""What a booked patient takes along: the code for arrival and a calendar file."""

from datetime import timedelta

import segno
from icalendar import Alarm, Calendar, Event

from renhao import arrival
from renhao.booking import AppointmentView
from renhao.kernel import Language
from renhao.services import Services

REMINDED_BEFORE = timedelta(hours=20)
DOTS_SCALE = 4


def code_image(services: Services, visit: AppointmentView) -> str:
    """Draw the arrival code as an image that stands in the page itself; it names nobody."""
    token = arrival.make_ticket(services.vault, appointment_id=visit.appointment_id, day=visit.day)
    drawn: str = segno.make(token, error="m", micro=False).svg_data_uri(scale=DOTS_SCALE, border=2)
    return drawn


def calendar(services: Services, visit: AppointmentView, language: Language) -> bytes:
    """Write the visit as a calendar file; calendars are shared, so it names no department."""
    event = Event()
    event.add("uid", f"{visit.appointment_id}@renhao")
    event.add("dtstamp", visit.booked_at)
    event.add("dtstart", visit.starts_at)
    event.add("dtend", visit.ends_at)
    words = f"就诊 · {visit.number} 号" if language == "zh" else f"Hospital, no. {visit.number}"
    event.add("summary", words)
    event.add("location", visit.hospital_zh if language == "zh" else visit.hospital_en)
    event.add("url", f"{services.settings.base_url}/appointments/{visit.appointment_id}")
    event.add_component(_reminder(words))
    whole = Calendar()
    whole.add("prodid", "-//renhao//appointments//")
    whole.add("version", "2.0")
    whole.add_component(event)
    written: bytes = whole.to_ical()
    return written


def _reminder(words: str) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", words)
    alarm.add("trigger", -REMINDED_BEFORE)
    return alarm
