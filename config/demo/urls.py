"""Addresses of the demo's own pages; `config.urls` includes them when APP_ENV is demo, and never otherwise."""

from django.urls import path

from config.demo import views

app_name = "demo"

urlpatterns = [
    path("", views.index, name="index"),
    path("sign-in/", views.sign_in, name="sign_in"),
    path("mails/", views.mails, name="mails"),
    path("mails/remind/", views.remind, name="remind"),
    path("mails/<uuid:uuid>/", views.mail, name="mail"),
    path("mails/<uuid:uuid>/html/", views.mail_html, name="mail_html"),
    path("mails/<uuid:uuid>/<int:number>/", views.mail_attachment, name="mail_attachment"),
]
