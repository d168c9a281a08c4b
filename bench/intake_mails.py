"""Sends heartbeat mails as fast as they are taken; a program of its own, so that it starts at once and disturbs nobody."""

import smtplib
import sys
import threading


def send(port: int, mails: int, cameras: int) -> None:
    """Send the mails of all cameras as fast as they are taken, each by a connection of its own, ten at a time."""
    content = (
        "Subject: =?utf-8?b?5a6a5pyf44Oh44O844Or?=\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n"
        + "北口のカメラは動作しています。SDメモリーカード: 正常\r\n" * 10
    ).encode()

    def some(first: int) -> None:
        for number in range(first, mails, 10):
            camera = number % cameras
            with smtplib.SMTP(
                "127.0.0.1",
                port,
                local_hostname="camera",
                timeout=30,
                source_address=(f"127.0.1.{camera + 1}", 0),
            ) as client:
                client.sendmail("a@b.example", [f"camera{camera}@cctv.example"], content)

    threads = [threading.Thread(target=some, args=(first,)) for first in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    send(*map(int, sys.argv[1:]))
