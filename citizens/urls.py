from django.urls import path

from citizens.views import households, parties, people

urlpatterns = [
    path("quet", people.scan, name="scan"),
    path("moi", people.register_citizen, name="register_citizen"),
    path("<int:pk>", people.citizen, name="citizen"),
    path("<int:pk>/muc-dich", people.why, name="why"),
    path("<int:pk>/sua", people.amend_citizen, name="amend"),
    path("ho-ngheo", households.households, name="households"),
    path("ho-ngheo/moi", households.new_household, name="new_household"),
    path("ho-ngheo/khu-vuc", households.village_areas, name="village_areas"),
    path("ho-ngheo/so-<int:year>", households.register, name="household_register"),
    path("ho-ngheo/ky/<day:start>", households.review_round, name="review_round"),
    path("ho-ngheo/<int:pk>", households.household, name="household"),
    path("ho-ngheo/<int:pk>/muc-dich", households.why, name="household_why"),
    path("ho-ngheo/<int:pk>/sua", households.amend, name="amend_household"),
    path("ho-ngheo/<int:pk>/thanh-vien", households.add_member, name="add_member"),
    path("ho-ngheo/<int:pk>/thanh-vien/<int:number>", households.amend_member, name="amend_member"),
    path("ho-ngheo/<int:pk>/thanh-vien/<int:number>/ra", households.member_leaves, name="member_leaves"),
    path("ho-ngheo/<int:pk>/nam", households.add_recognition, name="add_recognition"),
    path("ho-ngheo/<int:pk>/ra-soat/<day:start>", households.review, name="household_review"),
    path("<int:pk>/<procedure:procedure>/nguoi", parties.party, name="party"),
]
