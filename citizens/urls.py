from django.urls import path

from citizens.views import disability, martyrs, parties, people

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
