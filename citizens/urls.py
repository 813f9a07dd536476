from django.urls import path

from citizens.views import parties, people

urlpatterns = [
    path("quet", people.scan, name="scan"),
    path("moi", people.register_citizen, name="register_citizen"),
    path("<int:pk>", people.citizen, name="citizen"),
    path("<int:pk>/muc-dich", people.why, name="why"),
    path("<int:pk>/sua", people.amend_citizen, name="amend"),
    path("<int:pk>/<procedure:procedure>/nguoi", parties.party, name="party"),
]
