# The bot alone: no compiler, no tests, no root.
FROM python:3.13-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /app
COPY requirements.lock requirements-build.lock /src/
RUN /app/bin/pip install --require-hashes --only-binary :all: -r /src/requirements.lock
RUN python -m venv /build && /build/bin/pip install --require-hashes --only-binary :all: -r /src/requirements-build.lock
COPY pyproject.toml README.md LICENSE /src/
COPY bot /src/bot
COPY locales /src/locales
RUN /build/bin/python -m pip wheel --no-deps --no-build-isolation --wheel-dir /wheel /src \
  && /app/bin/pip install --no-deps /wheel/*.whl

FROM python:3.13-slim
RUN useradd --uid 10001 --user-group --no-create-home --shell /usr/sbin/nologin imagine \
  && install -d -o imagine -g imagine -m 0700 /data
COPY --from=build /app /app
USER imagine
WORKDIR /data
# What SQLite sets aside may be as large as the database: there is room for it with the data only.
ENV PATH=/app/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
  DATA_DIR=/data SQLITE_TMPDIR=/data LOG_FORMAT=json HTTP_HOST=127.0.0.1 HTTP_PORT=8090
VOLUME /data
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ['HTTP_PORT'] + '/healthz', timeout=4)"]
ENTRYPOINT ["imagine-bot"]
CMD ["run"]
