"""The front door."""

from datetime import date

from django.urls import include, path, register_converter

from oneshop import calendar_pages, roster_pages, sign_in, staff
from procedures.catalogue import Procedure, catalogue
from procedures.views.monitoring import dashboard
from procedures.views.public import checking, kiosk, noticeboard, public, rating


class ProcedureConverter:
    """A view receives a Procedure, not a string; an unknown key is no address."""

    regex = "[a-z_]+"

    def to_python(self, value: str) -> Procedure:
        if value not in catalogue():
            raise ValueError
        return catalogue()[value]

    def to_url(self, value: Procedure | str) -> str:
        return value.key if isinstance(value, Procedure) else value


class DayConverter:
    """A view receives a date; what is no day is no address."""

    regex = r"\d{4}-\d{2}-\d{2}"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(value)

    def to_url(self, value: date) -> str:
        return value.isoformat()


register_converter(ProcedureConverter, "procedure")
register_converter(DayConverter, "day")

urlpatterns = [
    path("", sign_in.home, name="home"),
    path("dang-nhap", sign_in.sign_in, name="sign_in"),
    path("dang-xuat", sign_in.sign_out, name="sign_out"),
    path("mat-khau", sign_in.own_password, name="own_password"),
    path("tro-giup", sign_in.help_page, name="help"),
    path("cong-dan/", include("citizens.urls")),
    path("so-ho-tich/", include("citizens.register_urls")),
    path("", include("procedures.urls")),
    path("theo-doi", dashboard.monitor, name="monitor"),
    path("can-bo", staff.people, name="people"),
    path("can-bo/<int:pk>", staff.person, name="person"),
    path("lich-truc", roster_pages.roster_page, name="roster"),
    path("lich-truc/chep", roster_pages.copy_week, name="copy_week"),
    path("lich-truc/thay-the", roster_pages.stand_ins, name="stand_ins"),
    path("lich-truc/thay-the/<str:what>/<int:pk>/thoi", roster_pages.end_stand_in, name="end_stand_in"),
    path("lich-truc/<int:pk>", roster_pages.shift_page, name="shift"),
    path("lich-truc/<int:pk>/xoa", roster_pages.remove_shift, name="remove_shift"),
    path("lich-lam-viec", calendar_pages.calendar_page, name="calendar"),
    path("lich-lam-viec/thu", calendar_pages.calendar_preview, name="calendar_preview"),
    path("lich-lam-viec/ke-hoach", calendar_pages.plan_preview, name="plan_preview"),
    path("lich-lam-viec/ban/<int:number>", calendar_pages.calendar_version, name="calendar_version"),
    path("thu-tuc", noticeboard.public_home, name="public_home"),
    path("thu-tuc/<procedure:procedure>", noticeboard.public_procedure, name="public_procedure"),
    path("thu-tuc/<procedure:procedure>/mau-<int:number>.png", noticeboard.specimen, name="specimen"),
    path("xa/<str:commune_code>", noticeboard.public_commune, name="public_commune"),
    path("xa/<str:commune_code>/to-niem-yet.pdf", noticeboard.poster, name="poster"),
    # capitals, so that the printed QR stays in its dense mode
    path("H/<str:commune_code>/<str:token>", public.status, name="status"),
    path("K/<str:commune_code>/<str:token>", checking.result_check, name="result_check"),
    path("H/<str:commune_code>/<str:token>/y-kien", rating.rate, name="rate"),
    path("danh-gia/<str:commune_code>/<str:device_token>", rating.tablet, name="tablet"),
    path("S/<str:commune_code>/<str:token>", kiosk.queue_number, name="queue_number"),
    path("sanh/<str:commune_code>/<str:device_token>", kiosk.hall_screen, name="hall_screen"),
    path("ki-ot/<str:commune_code>/<str:device_token>", kiosk.kiosk, name="kiosk"),
    path("ki-ot/<str:commune_code>/<str:device_token>/so/<str:token>", kiosk.kiosk_number, name="kiosk_number"),
    path("ki-ot/<str:commune_code>/<str:device_token>/ho-so", kiosk.kiosk_case, name="kiosk_case"),
    path("kiem-tra", checking.check_paper, name="check_paper"),
    path("kiem-tra/khong-mang", checking.check_offline, name="check_offline"),
    path("khoa", checking.check_keys, name="check_keys"),
    path("khoa.json", checking.check_keys_json, name="check_keys_json"),
    path("robots.txt", checking.robots, name="robots"),
]

handler400 = "oneshop.weather.bad_request"
handler500 = "oneshop.weather.server_error"
