from django.urls import path

from benchmarks.floor import views

urlpatterns = [
    path("book/", views.book),
    path("grid/<uuid:edition>/", views.grid),
    path("wall/<str:code>/", views.wall),
]
