"""What the outsiders' tests share: the program, the fixtures, a real web server."""

import os
import pathlib
import shutil
import socket
import subprocess
import time

import pytest

TOP = pathlib.Path(__file__).resolve().parents[2]
FIXTURES = TOP / "fixtures"
PROGRAM = pathlib.Path(os.environ.get("ROOTLAKE", TOP / "target/release/rootlake"))


def rootlake(*arguments):
    """Runs the program, which must succeed."""
    done = subprocess.run([PROGRAM, *map(str, arguments)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def web():
    """The URL of the fixtures, served by a real nginx."""
    program = shutil.which("nginx") or "/usr/sbin/nginx"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    folder = pathlib.Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    (folder / "nginx.conf").write_text(
        f"""
        pid {folder}/pid;
        error_log {folder}/error.log;
        events {{}}
        http {{
            access_log {folder}/access.log;
            client_body_temp_path {folder}/body;
            proxy_temp_path {folder}/proxy;
            fastcgi_temp_path {folder}/fastcgi;
            uwsgi_temp_path {folder}/uwsgi;
            scgi_temp_path {folder}/scgi;
            server {{ listen 127.0.0.1:{port}; root {folder}/www; }}
        }}
        """
    )
    # nginx gives up root's rights: it must be able to read what it serves.
    shutil.copytree(FIXTURES, folder / "www")
    subprocess.run(["chmod", "-R", "a+rX", folder], check=True)
    server = subprocess.Popen(
        [program, "-c", folder / "nginx.conf", "-e", folder / "error.log", "-g", "daemon off;"]
    )
    for _ in range(100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}", folder / "access.log"
    server.terminate()
    server.wait()
    shutil.rmtree(folder)
