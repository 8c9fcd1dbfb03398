// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The event with one number is the same to all who see it. */
final class SubscribersAgree implements Check {

    @Override
    public List<String> findings(History history) {
        List<String> findings = new ArrayList<>();
        history.sightingsByChannel().values().forEach(sightings -> {
            Map<Long, Sighting> first = new HashMap<>();
            sightings.stream().filter(each -> !each.isSnapshot()).forEach(each -> {
                Sighting other = first.putIfAbsent(each.seq(), each);
                if (other != null && !isSame(other, each)) {
                    findings.add(other + " is not " + each);
                }
            });
        });
        return findings;
    }

    private static boolean isSame(Sighting one, Sighting other) {
        return one.type().equals(other.type())
                && one.lock().equals(other.lock())
                && one.owner().equals(other.owner())
                && one.token() == other.token();
    }
}
