from django.urls import path

from citizens.views import martyrs, parties, people

urlpatterns = [
    path("quet", people.scan, name="scan"),
    path("moi", people.register_citizen, name="register_citizen"),
    path("<int:pk>", people.citizen, name="citizen"),
    path("<int:pk>/muc-dich", people.why, name="why"),
    path("<int:pk>/sua", people.amend_citizen, name="amend"),
    path("<int:pk>/<procedure:procedure>/nguoi", parties.party, name="party"),
    path("liet-si", martyrs.martyrs, name="martyrs"),
    path("liet-si/moi", martyrs.new_martyr, name="new_martyr"),
    path("liet-si/so-theo-doi", martyrs.grave_visits, name="grave_visits"),
    path("liet-si/so-theo-doi/<int:pk>", martyrs.grave_visit, name="grave_visit"),
    path("liet-si/<int:pk>", martyrs.martyr, name="martyr"),
    path("liet-si/<int:pk>/sua", martyrs.amend_martyr, name="amend_martyr"),
    path("liet-si/<int:pk>/them-nguoi", martyrs.new_martyr_relative, name="new_martyr_relative"),
    path("liet-si/nguoi/<int:pk>", martyrs.amend_martyr_relative, name="amend_martyr_relative"),
    path("liet-si/<int:pk>/tho-cung", martyrs.new_worship, name="new_worship"),
    path("liet-si/tho-cung/<int:pk>", martyrs.amend_worship, name="amend_worship"),
    path("liet-si/tho-cung/<int:pk>/thoi", martyrs.end_worship, name="end_worship"),
]
