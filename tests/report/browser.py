# SPDX-License-Identifier: GPL-3.0-or-later
"""A page in Debian's Chromium, without a window: spoken to over a pipe (the DevTools protocol), with nothing but Python.

Every request and every word on the console is noted: a page that stands by itself makes none."""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

CHROMIUM = shutil.which("chromium")
FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--no-first-run", "--disable-extensions",
         "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars", "--force-color-profile=srgb", "--lang=en-US"]


class Browser:
    """One Chromium with one page."""

    def __init__(self, downloads=None):
        self.profile = tempfile.TemporaryDirectory(prefix="plimsoll-chromium-", ignore_cleanup_errors=True)
        theirs_in, self.out = os.pipe()
        self.into, theirs_out = os.pipe()
        os.set_inheritable(theirs_in, True)
        os.set_inheritable(theirs_out, True)
        # the browser reads commands from descriptor 3 and answers on 4, through a shell that puts them there
        shell = f'exec "$0" "$@" 3<&{theirs_in} 4>&{theirs_out}'
        self.process = subprocess.Popen(["sh", "-c", shell, CHROMIUM, *FLAGS, f"--user-data-dir={self.profile.name}", "about:blank"],
                                        pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.rest, self.count, self.session = b"", 0, None
        self.requests, self.errors, self.loaded = [], [], 0
        target = [t for t in self.call("Target.getTargets")["targetInfos"] if t["type"] == "page"][0]["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")
        if downloads:
            session, self.session = self.session, None
            self.call("Browser.setDownloadBehavior", behavior="allow", downloadPath=downloads)
            self.session = session

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.out)
        os.close(self.into)
        self.profile.cleanup()

    def hear(self, seconds):
        """The next message; None: silence."""
        until = time.monotonic() + seconds
        while b"\0" not in self.rest:
            left = until - time.monotonic()
            if left <= 0 or not select.select([self.into], [], [], left)[0]:
                return None
            more = os.read(self.into, 1 << 20)
            if not more:
                raise RuntimeError("chromium is gone")
            self.rest += more
        message, self.rest = self.rest.split(b"\0", 1)
        return self.note(json.loads(message))

    def note(self, message):
        method, about = message.get("method"), message.get("params", {})
        if method == "Network.requestWillBeSent" and not about["request"]["url"].startswith("data:"):
            self.requests.append(about["request"]["url"])
        elif method == "Page.loadEventFired":
            self.loaded += 1
        elif method == "Runtime.exceptionThrown":
            self.errors.append(about["exceptionDetails"].get("exception", {}).get("description", about["exceptionDetails"]["text"]))
        elif method == "Runtime.consoleAPICalled" and about["type"] in ("error", "warning", "assert"):
            self.errors.append(str(about["args"]))
        elif method == "Log.entryAdded" and about["entry"]["level"] in ("error", "warning"):
            self.errors.append(about["entry"]["text"])
        return message

    def call(self, method, timeout=60, **params):
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.out, json.dumps(message).encode() + b"\0")
        until = time.monotonic() + timeout
        while True:
            answer = self.hear(until - time.monotonic())
            if answer is None:
                raise TimeoutError(method)
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]

    def open(self, path, timeout=60):
        """Opens a file and waits until it has loaded. Seconds it took."""
        before, begin = self.loaded, time.monotonic()
        self.call("Page.navigate", url="file://" + path)
        while self.loaded == before:
            if self.hear(timeout) is None:
                raise TimeoutError(path)
        return time.monotonic() - begin

    def js(self, expression):
        """The value of an expression, as JSON can say it; promises are waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"].get("exception", {}).get("description", expression))
        return answer["result"].get("value")

    def wait(self, expression, seconds=10):
        until = time.monotonic() + seconds
        while not self.js(expression):
            if time.monotonic() > until:
                raise TimeoutError(expression)
            time.sleep(0.05)

    def text(self, selector):
        return self.js(f"document.querySelector({json.dumps(selector)}).textContent")

    def size(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def theme(self, word):
        self.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": word}, {"name": "prefers-reduced-motion", "value": "reduce"}])

    def middle(self, selector):
        """Of an element that is scrolled into view, in CSS pixels of the window."""
        return self.js(f"(() => {{ const e = document.querySelector({json.dumps(selector)}); e.scrollIntoView({{block: 'center', inline: 'center'}});"
                       " const r = e.getBoundingClientRect(); return [r.left + r.width / 2, r.top + r.height / 2]; })()")

    def mouse(self, kind, x, y, buttons=0):
        self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, buttons=buttons, button="left" if kind != "mouseMoved" or buttons else "none", clickCount=1)

    def click(self, selector):
        x, y = self.middle(selector)
        self.mouse("mousePressed", x, y, 1)
        self.mouse("mouseReleased", x, y)

    def drag(self, x, y, dx, dy=0, steps=5):
        self.mouse("mouseMoved", x, y)
        self.mouse("mousePressed", x, y, 1)
        for k in range(1, steps + 1):
            self.mouse("mouseMoved", x + dx * k / steps, y + dy * k / steps, 1)
        self.mouse("mouseReleased", x + dx, y + dy)

    def key(self, key, modifiers=0):
        codes = {"Enter": ("Enter", 13, "\r"), "Tab": ("Tab", 9, ""), "ArrowRight": ("ArrowRight", 39, ""), "ArrowLeft": ("ArrowLeft", 37, "")}
        code, number, text = codes[key]
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code, windowsVirtualKeyCode=number, modifiers=modifiers, **({"text": text} if text and kind == "keyDown" else {}))

    def type(self, text):
        self.call("Input.insertText", text=text)

    def screenshot(self, path, whole=True):
        answer = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **({} if not whole else {"clip": self.clip()}))
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))

    def clip(self):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 12000), "scale": 1}

    def pdf(self, path):
        answer = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True, timeout=120)
        with open(path, "wb") as file:
            file.write(base64.b64decode(answer["data"]))
