# syntax=docker/dockerfile:1
FROM python:3.11-slim AS build
RUN pip install --no-cache-dir uv
ENV UV_COMPILE_BYTECODE=1
WORKDIR /srv
COPY pyproject.toml uv.lock README.md ./
RUN uv sync --locked --no-dev --extra pdf --no-install-project
COPY app ./app
COPY migrations ./migrations
RUN uv sync --locked --no-dev --extra pdf --no-editable

FROM python:3.11-slim
# For notices as PDF: what lays out text, and Chinese fonts, the second for rare characters.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fontconfig fonts-noto-cjk fonts-hanazono \
    && rm -rf /var/lib/apt/lists/*
RUN useradd --system --uid 10001 --home-dir /srv doudi
WORKDIR /srv
COPY --from=build /srv/.venv /srv/.venv
RUN install -d -o doudi -m 700 /srv/data
USER doudi
ENV PATH="/srv/.venv/bin:$PATH" PYTHONUNBUFFERED=1 DOUDI_DATA=/srv/data
VOLUME /srv/data
EXPOSE 8000
HEALTHCHECK CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz')"]
CMD ["doudi", "serve", "--host", "0.0.0.0", "--port", "8000"]
