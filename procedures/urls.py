from django.urls import path

from procedures.views import applying, giving_out, handling, reception, signing

urlpatterns = [
    path("quay", reception.desk, name="desk"),
    path("cong-dan/<int:pk>/<procedure:procedure>", applying.apply, name="apply"),
    path("cong-dan/<int:pk>/<procedure:procedure>/kiem-tra", applying.findings, name="findings"),
    path("cong-dan/<int:pk>/<procedure:procedure>/tu-choi", applying.reject, name="reject"),
    path("nhap/<int:pk>", applying.check, name="check"),
    path("nhap/<int:pk>/xem-truoc-<int:number>.png", applying.preview, name="preview"),
    path("nhap/<int:pk>/don-<int:number>.pdf", applying.declaration, name="declaration"),
    path("cong-dan/<int:pk>/<procedure:procedure>/tim", applying.look_up, name="look_up"),
    path("thu-ly", handling.handling, name="handling"),
    path("ky", signing.signing, name="signing"),
    path("ky/<str:code>", signing.sign, name="sign"),
    path("ky/<str:code>/xem-truoc-<int:number>.png", signing.sign_preview, name="sign_preview"),
    path("tra", giving_out.giving_out, name="giving_out"),
    path("tra/<str:code>", giving_out.give_out, name="give_out"),
    path("ho-so/<str:code>", handling.case, name="case"),
    path("ho-so/<str:code>/da-tiep-nhan", reception.received, name="received"),
    path("ho-so/<str:code>/giay-hen", reception.receipt, name="receipt"),
    path("ho-so/<str:code>/giay/<str:kind>.pdf", reception.slip, name="slip"),
    path("ho-so/<str:code>/don-<int:number>.pdf", handling.case_declaration, name="case_declaration"),
    path("ho-so/<str:code>/ket-qua/<int:pk>.pdf", signing.result, name="result"),
    path("ho-so/<str:code>/ket-qua/<int:pk>.png", signing.result_picture, name="result_picture"),
    path("ho-so/<str:code>/viec/<int:pk>", handling.follow_up, name="follow_up"),
    path("ho-so/<str:code>/thu-hoi-ma", handling.revoke_link, name="revoke_link"),
    path("ho-so/<str:code>/<str:verb>", handling.act, name="act"),
]
