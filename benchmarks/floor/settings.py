"""A bare Django beside the product: same database, same server, no middleware, nothing else."""

from config import settings as product

BASE_DIR = product.BASE_DIR
DATABASES = product.DATABASES
DEFAULT_AUTO_FIELD = product.DEFAULT_AUTO_FIELD
SECRET_KEY = product.SECRET_KEY
LANGUAGES = product.LANGUAGES
AUTH_USER_MODEL = product.AUTH_USER_MODEL
MODELTRANSLATION_DEFAULT_LANGUAGE = product.MODELTRANSLATION_DEFAULT_LANGUAGE
INSTALLED_APPS = product.INSTALLED_APPS

ALLOWED_HOSTS = ["*"]
ROOT_URLCONF = "benchmarks.floor.urls"
# One app refuses to start without its middleware; benchmarks.floor.wsgi takes it out again.
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
USE_TZ = True
TIME_ZONE = "Europe/Brussels"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "benchmarks" / "floor" / "templates"],
        "OPTIONS": {"builtins": []},
    }
]
