# Where Docker Hub cannot be reached: --build-arg BASE=registry.example.com/python:3.13-slim-trixie
ARG BASE=python:3.13-slim-trixie

FROM ${BASE} AS build
WORKDIR /src
RUN python -m venv /app
COPY requirements.txt ./
RUN /app/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot ./bot
RUN /app/bin/pip install --no-cache-dir --no-deps .

FROM ${BASE}
LABEL org.opencontainers.image.title="VisJob" \
      org.opencontainers.image.description="A Slack bot that watches the TensorBoard jobs of ModelArts" \
      org.opencontainers.image.licenses="MIT"
# /data holds the SQLite file, and is all that is ever written: the root may be read-only.
RUN install --directory --owner=10001 --group=10001 /data
COPY --from=build /app /app
ENV PATH=/app/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PORT=3000 \
    DATABASE_URL=sqlite:////data/visjob.db
WORKDIR /data
VOLUME /data
USER 10001:10001
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=15s --retries=3 \
    CMD ["python", "-m", "bot", "healthcheck"]
CMD ["python", "-m", "bot", "serve"]
