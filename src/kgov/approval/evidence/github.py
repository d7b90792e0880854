"""Approving reviews on GitHub (https://docs.github.com/rest/pulls/reviews)."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from urllib.parse import quote

from kgov.approval.evidence.http import Api
from kgov.approval.evidence.reviews import Review, ReviewSource, Told, day
from kgov.approval.gather import Surroundings

_HEADERS: Final = {"Accept": "application/vnd.github+json", "X-GitHub-Api-Version": "2022-11-28"}
_APPROVED: Final = "APPROVED"
_DECIDES: Final = (_APPROVED, "CHANGES_REQUESTED", "DISMISSED")
"""The states that replace an earlier review of the same person; a comment does not."""


def api(address: str, token: str) -> Api:
    """Prepare to ask. Raises ``ForgeError`` where the address is not safe."""
    return Api(address, {**_HEADERS, "Authorization": f"Bearer {token}"})


class GitHubReviews(ReviewSource):
    """The reviews of one pull request, or of those that were merged with the commit that is checked out.

    A review is of its ``commit_id``. Of a person only the last one counts that decides, and nothing of the one
    who opened the pull request.
    """

    name = "GitHub"

    def __init__(self, api: Api, repository: str, number: int | None, around: Surroundings) -> None:
        super().__init__(around.revisions, around.base.people)
        self._api = api
        self._path = f"/repos/{quote(repository)}"
        self._number = number
        self._head = around.head

    def ask(self) -> Told:
        """Ask for the pull requests and their reviews."""
        pulls = list(self._pulls())
        reviews = [review for pull in pulls for review in self._reviews(pull)]
        return Told(tuple(reviews), tuple(_login(pull["user"]) for pull in pulls))

    def _pulls(self) -> Iterator[Mapping[str, Any]]:
        if self._number is not None:
            yield self._api.get(f"{self._path}/pulls/{self._number}")
            return
        found = self._api.pages(f"{self._path}/commits/{quote(self._head)}/pulls?per_page=100")
        yield from (pull for pull in found if pull["merged_at"])

    def _reviews(self, pull: Mapping[str, Any]) -> Iterator[Review]:
        number = int(pull["number"])
        author = _login(pull["user"])
        last: dict[str, Mapping[str, Any]] = {}
        for each in self._api.pages(f"{self._path}/pulls/{number}/reviews?per_page=100"):
            if each["state"] in _DECIDES:
                last[_login(each["user"])] = each
        for who, each in last.items():
            if each["state"] == _APPROVED and who != author:
                source = f"the review on #{number}"
                yield Review(who, each["commit_id"], source, day(each["submitted_at"]))


def _login(user: Mapping[str, Any] | None) -> str:
    """Name an account; one that was deleted is nobody."""
    return f"github:{user['login']}".casefold() if user else "github:"
