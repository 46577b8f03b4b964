"""Walks from the overview of a demo with an open incident to those it hits, as somebody who was
called does: by clicks in a real browser. At most five may be needed.

usage: check_incident.py LINK, as `payops serve` prints it"""

import re
import sys

from playwright.sync_api import sync_playwright

MOST_CLICKS = 5


class Walk:
    """A browser that counts its clicks."""

    def __init__(self, page):
        self.page = page
        self.clicks = 0

    def settle(self):
        self.page.wait_for_function(
            "() => document.querySelector('.sentence') && !document.querySelector('.loading')"
            " && !document.body.classList.contains('busy')", timeout=20000)
        self.page.wait_for_timeout(150)

    def click(self, place, what):
        """Clicks what a person sees there; a link that is not in sight fails."""
        target = self.page.locator(place).first
        if not target.is_visible():
            sys.exit(f"error: after {self.clicks} clicks there is no {what} to click on")
        target.click()
        self.clicks += 1
        self.settle()
        print(f"  click {self.clicks}: {what}, to {self.page.url.split('#')[-1]}")

    def expect(self, condition, text):
        if not condition:
            sys.exit(f"error: after {self.clicks} clicks: {text}")


def number(text):
    """A number with its thousands apart."""
    return int(re.sub(r"\D", "", text))


def main():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
        walk = Walk(page)
        page.goto(sys.argv[1])
        walk.settle()
        # Without a click: what, since when, how much, how many.
        sentence = page.inner_text(".sentence")
        walk.expect(re.search(r"payments", sentence) and re.search(r"since", sentence)
                    and re.search(r"customers", sentence), f"the sentence is {sentence!r}")
        walk.expect(page.locator(".card").count() > 0, "no incident is open")
        card = page.locator(".card").first.inner_text()
        walk.expect("at stake" in card.lower(), f"the card says no money: {card!r}")
        walk.click(".card dd a[href^='#/alerts?alert_id=']", "the payments of the incident")
        facts = page.locator("dl.facts a[href^='#/payments?']").first
        walk.expect(facts.count() > 0, "the alert leads to no payments")
        affected = number(facts.inner_text())
        walk.click("dl.facts a[href^='#/payments?']", "the payments that are affected")
        walk.expect(page.locator("tbody tr").count() > 0, "no payment is listed")
        shown = page.inner_text(".sentence")
        walk.expect(
            affected > 100 or re.search(rf"\b{affected} payments", shown.replace("\u202f", "")),
            f"{affected} payments are affected, and the list says {shown!r}")
        walk.click("tbody a[href^='#/risk?customer_id=']", "a customer who is hit")
        walk.expect("customer_id=" in page.url, f"{page.url} is of no customer")
        walk.expect(walk.clicks <= MOST_CLICKS, f"more than {MOST_CLICKS} are needed")
        print(f"who, since when, how much and which payments: {walk.clicks} clicks")
        browser.close()


if __name__ == "__main__":
    main()
