// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.Test;

/** Pages in real browsers contend for a lock, and each sees what the others do. */
class ContentionTest {

    @Test
    void two_pages_contend_for_a_lock_and_see_each_others_events() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage left = pages.demo("alice");
            DemoPage right = pages.demo("bob");

            left.press("alice", "Acquire");
            left.expect("alice", "Holds document");
            right.expect("bob", "alice got document");

            right.press("bob", "Acquire");
            right.expect("bob", "(-14007)");

            right.press("bob", "Wait in line");
            right.expect("bob", "1st of 1 in line");
            assertThat(left.lock("document").getByRole(AriaRole.LISTITEM)).containsText("bob");

            left.press("alice", "Release");
            right.expect("bob", "Holds document");
            left.expect("alice", "bob got document");
            left.expectLock("document", "Held by bob");
        }
    }

    @Test
    void three_pages_are_served_in_the_order_they_came_and_one_leaves_the_line() {
        try (DemoPages pages = new DemoPages()) {
            DemoPage first = pages.demo("alice");
            DemoPage second = pages.demo("bob", "dave");
            DemoPage third = pages.demo("carol");

            first.press("alice", "Acquire");
            first.expect("alice", "Holds document");
            second.press("bob", "Wait in line");
            second.expect("bob", "1st of 1 in line");
            third.press("carol", "Wait in line");
            third.expect("carol", "2nd of 2 in line");
            second.press("dave", "Wait in line");
            second.expect("dave", "3rd of 3 in line");
            second.expect("bob", "1st of 3 in line");

            second.press("bob", "Leave the line");
            second.expect("bob", "left the queue");
            third.expect("carol", "1st of 2 in line");

            first.press("alice", "Release");
            third.expect("carol", "Holds document");
            first.press("alice", "Revoke");
            third.expect("carol", "lost document (revoked)");
            second.expect("dave", "Holds document");
            third.expect("carol", "dave got document");
        }
    }
}
