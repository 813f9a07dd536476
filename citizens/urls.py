from django.urls import path

from citizens.views import disability, parties, people

urlpatterns = [
    path("quet", people.scan, name="scan"),
    path("moi", people.register_citizen, name="register_citizen"),
    path("<int:pk>", people.citizen, name="citizen"),
    path("<int:pk>/muc-dich", people.why, name="why"),
    path("<int:pk>/sua", people.amend_citizen, name="amend"),
    path("khuyet-tat", disability.files, name="disability_files"),
    path("khuyet-tat/moi", disability.new_file, name="new_disability_file"),
    path("khuyet-tat/so-<int:year>", disability.register, name="disability_register"),
    path("khuyet-tat/<int:pk>", disability.file, name="disability_file"),
    path("khuyet-tat/<int:pk>/muc-dich", disability.why, name="disability_why"),
    path("khuyet-tat/<int:pk>/sua", disability.amend_file, name="amend_disability_file"),
    path("khuyet-tat/<int:pk>/dai-dien", disability.represent, name="represent"),
    path("khuyet-tat/<int:pk>/dai-dien/<int:number>/thoi", disability.end_representation, name="end_representation"),
    path("khuyet-tat/<int:pk>/ket-luan", disability.conclude, name="conclude"),
    path("khuyet-tat/<int:pk>/ket-luan/<int:number>", disability.settle, name="settle_conclusion"),
    path("<int:pk>/<procedure:procedure>/nguoi", parties.party, name="party"),
]
