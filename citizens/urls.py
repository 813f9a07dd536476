from django.urls import path

from citizens import views

urlpatterns = [
    path("quet", views.scan, name="scan"),
    path("moi", views.register_citizen, name="register_citizen"),
    path("<int:pk>", views.citizen, name="citizen"),
    path("<int:pk>/sua", views.amend_citizen, name="amend"),
]
