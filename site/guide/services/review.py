"""What happens when the review has said yes. Wagtail loads this file while its models are still loading."""

from typing import Any

from django.core.exceptions import PermissionDenied


def publish_reviewed(workflow_state: Any, user: Any = None) -> None:
    """Publish what was approved, now or at the time that its writer set.

    As Wagtail's own, but whoever may approve need not have the right to publish by themselves: the two together are
    that right. A link that lost its target while the review lasted stops it (the page's own editor says which).
    """
    from guide.links import unpublished_targets

    page = workflow_state.content_object
    revision = page.get_latest_revision()
    if unpublished_targets(revision.as_object()):
        raise PermissionDenied
    page.publish(revision, user=user, skip_permission_checks=True)
