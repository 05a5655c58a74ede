# The site as one image: what it does (web, live, worker, beat, prepare) is said by the command in docker-compose.yml.

FROM python:3.13-slim AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.lock ./
# Hashes are demanded, and ready-made wheels: no compiler here, and nothing that the lock does not know. A mirror of one's
# own is named by the build's PIP_INDEX_URL.
ARG PIP_INDEX_URL
RUN /venv/bin/pip install --no-deps --require-hashes --only-binary :all: -r requirements.lock
COPY . .
# Nothing here asks an engine and nothing is signed; the settings want the names all the same.
RUN SECRET_KEY=only-while-the-image-is-made DATABASE_URL=postgresql:///none REDIS_URL=redis://none \
    SITE_URL=https://none.example ALLOWED_HOSTS=none.example PYTHONPATH=/app:/app/site \
    sh -c '/venv/bin/python -m compileall -q -j 0 . && /venv/bin/python manage.py messages --compile \
    && /venv/bin/python manage.py collectstatic --noinput'

FROM python:3.13-slim
ENV PATH=/venv/bin:$PATH PYTHONPATH=/app:/app/site PYTHONUNBUFFERED=1 STIGEN_DATA=/app/var MEDIA_ROOT=/media
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin stigen \
    && install --directory --owner=stigen --group=stigen /media
COPY --from=build /venv /venv
COPY --from=build /app /app
WORKDIR /app
USER 10001
VOLUME /media
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/health/live', timeout=4)"]
CMD ["gunicorn", "--config", "python:config.gunicorn", "config.wsgi:application"]
