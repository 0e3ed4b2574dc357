# The image of web, worker and clock. Two stages: what builds does not come along.
FROM python:3.11-slim-bookworm AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gettext \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
RUN python -m venv /venv
COPY requirements/production.txt requirements/production.txt
RUN /venv/bin/pip install --no-cache-dir --no-deps --require-hashes -r requirements/production.txt
COPY . .
RUN for po in locale/*/LC_MESSAGES/*.po; do msgfmt --check-format -o "${po%.po}.mo" "$po" || exit 1; done
# Collecting style sheets asks for settings, not for services; none of these values ends up in the image.
RUN APP_ENV=production SECRET_KEY=only-while-building-0123456789-abcdefghijklmnopqrstuvwxyz \
    ALLOWED_HOSTS=localhost SITE_URL=https://localhost EMAIL_URL=smtp://localhost \
    DATABASE_URL=postgresql://none@none/none REDIS_URL=redis://none \
    /venv/bin/python manage.py collectstatic --no-input --verbosity 0 --ignore rest_framework \
        --ignore "leaflet-src.*" --ignore draw

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-open-sans \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --uid 10001 --no-create-home --shell /usr/sbin/nologin bassins \
    && install -d -o bassins -g bassins /data/files /data/clock
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    APP_ENV=production PRIVATE_FILES=/data/files XDG_CACHE_HOME=/tmp
USER bassins
EXPOSE 8000
CMD ["gunicorn", "--config=config/gunicorn.py", "config.wsgi", "--bind=0.0.0.0:8000", "--worker-tmp-dir=/dev/shm", "--max-requests=5000", "--max-requests-jitter=500"]
