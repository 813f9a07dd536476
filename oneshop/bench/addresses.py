"""The portal's addresses and one more: an empty view behind the same doors, the floor of every page."""

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET

from oneshop.keys import only
from oneshop.roles import DeskRequest, Role
from oneshop.urls import handler500
from oneshop.urls import urlpatterns as portal

__all__ = ["handler500", "urlpatterns"]


@require_GET
@only(Role.CLERK, Role.SIGNER, Role.MONITOR)
def empty(request: DeskRequest) -> HttpResponse:
    """Session, officer, walls and headers as for any page, and nothing on it."""
    return HttpResponse()


urlpatterns = [path("trang-trong", empty, name="empty"), *portal]
