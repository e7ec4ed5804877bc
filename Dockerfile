# One image for web, worker, beat and the one-shot migration; see docker-compose.yml.

FROM python:3.13-slim AS build
ENV PYTHONDONTWRITEBYTECODE=0 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH
COPY requirements/base.txt requirements/assets.txt /tmp/
RUN pip install --no-deps --require-hashes --compile -r /tmp/base.txt -r /tmp/assets.txt
WORKDIR /app
COPY . .
RUN if [ -d matching/locale ]; then python -m babel.messages.frontend --quiet compile -d matching/locale -D django; fi \
    && python -m compileall -q . \
    && SECRET_KEY=$(python -c 'import secrets; print(secrets.token_urlsafe(64))') CHAINMATCH_MODE=production \
       ALLOWED_HOSTS=localhost CHAINMATCH_DATA_DIR=/data DATABASE_URL=postgresql://nobody@localhost/none \
       python manage.py collectstatic --no-input --verbosity 0

FROM python:3.13-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    CHAINMATCH_MODE=production CHAINMATCH_DATA_DIR=/data DJANGO_SETTINGS_MODULE=chainmatch.settings
RUN useradd --uid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin chainmatch \
    && install -d -o chainmatch -g chainmatch /data /data/media /data/artefacts
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
COPY --from=build /data/static /data/static
WORKDIR /app
USER chainmatch
EXPOSE 8000
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s CMD ["python", "docker/healthcheck.py"]
CMD ["gunicorn", "chainmatch.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "2", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--keep-alive", "75", \
     "--no-control-socket", "--access-logfile", "-", "--logger-class", "chainmatch.access_log.Logger"]
