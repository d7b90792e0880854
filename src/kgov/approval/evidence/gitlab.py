"""Approvals on GitLab (https://docs.gitlab.com/api/merge_request_approvals).

GitLab does not say which commit was approved. It is the head of the version that was the newest when the
approval was given: approvals say when (``approved_at``), and so do versions. On servers that do not say when,
an approval counts only where there has been one version.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import quote

from kgov.approval.evidence.http import Api
from kgov.approval.evidence.reviews import Review, ReviewSource, Told, moment
from kgov.approval.gather import Surroundings


def api(address: str, token: str) -> Api:
    """Prepare to ask. Raises ``ForgeError`` where the address is not safe."""
    return Api(address, {"PRIVATE-TOKEN": token})


class GitLabApprovals(ReviewSource):
    """The approvals of one merge request, or of those that were merged with the commit that is checked out."""

    name = "GitLab"

    def __init__(self, api: Api, project: str, number: int | None, around: Surroundings) -> None:
        super().__init__(around.revisions, around.base.people)
        self._api = api
        self._path = f"/projects/{quote(project, safe='')}"
        self._number = number
        self._head = around.head

    def ask(self) -> Told:
        """Ask for the merge requests and their approvals."""
        requests = list(self._requests())
        reviews = [review for request in requests for review in self._approvals(request)]
        return Told(tuple(reviews), tuple(_name(request["author"]) for request in requests))

    def _requests(self) -> Iterator[Mapping[str, Any]]:
        if self._number is not None:
            yield self._api.get(f"{self._path}/merge_requests/{self._number}")
            return
        path = f"{self._path}/repository/commits/{quote(self._head)}/merge_requests?per_page=100"
        yield from (request for request in self._api.pages(path) if request["state"] == "merged")

    def _approvals(self, request: Mapping[str, Any]) -> Iterator[Review]:
        number = int(request["iid"])
        path = f"{self._path}/merge_requests/{number}"
        author = _name(request["author"])
        versions = sorted(
            (moment(each["created_at"]), str(each["head_commit_sha"]))
            for each in self._api.pages(f"{path}/versions?per_page=100")
        )
        for each in self._api.get(f"{path}/approvals")["approved_by"]:
            who = _name(each["user"])
            if who == author or not versions:
                continue
            at = each.get("approved_at")
            given = moment(at) if at else versions[-1][0]
            before = [commit for made, commit in versions if made <= given] if at else []
            only = versions[0][1] if len(versions) == 1 and not at else None
            yield Review(who, before[-1] if before else only, f"the approval on !{number}", given.date())


def _name(user: Mapping[str, Any]) -> str:
    return f"gitlab:{user['username']}".casefold()
