// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.history;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What all clients of a run did and saw, by one clock. Any thread may add to it. */
public final class History {

    private final List<Op> ops = new ArrayList<>();
    private final List<Lapse> lapses = new ArrayList<>();
    private final List<Sighting> sightings = new ArrayList<>();

    public synchronized void add(Op op) {
        ops.add(op);
    }

    public synchronized void add(Lapse lapse) {
        lapses.add(lapse);
    }

    public synchronized void add(Sighting sighting) {
        sightings.add(sighting);
    }

    public synchronized int size() {
        return ops.size() + sightings.size();
    }

    synchronized List<Op> ops() {
        return List.copyOf(ops);
    }

    synchronized List<Lapse> lapses() {
        return List.copyOf(lapses);
    }

    synchronized Map<String, List<Op>> opsByLock() {
        return ops.stream().collect(Collectors.groupingBy(Op::lock, TreeMap::new, Collectors.toList()));
    }

    /** Each subscriber's in the order it saw them. */
    synchronized Map<String, List<Sighting>> sightingsByChannel() {
        return sightings.stream().collect(Collectors.groupingBy(Sighting::channel, TreeMap::new, Collectors.toList()));
    }

    /** Two owners at a time, or tokens that do not grow. */
    public List<String> doubleGrants() {
        return broken(new HoldsDoNotOverlap(), new TokensGrow());
    }

    /** Answers that no order of the requests explains: something acknowledged was lost, or something refused took place. */
    public List<String> unexplainedAnswers() {
        return broken(new Linearizable());
    }

    /** What subscribers should have seen and did not, or saw wrongly. */
    public List<String> eventFaults() {
        return broken(
                new EventsWithoutGaps(), new SubscribersAgree(), new AcknowledgedIsSeen(), new SnapshotsMatchEvents());
    }

    private List<String> broken(Check... checks) {
        return Stream.of(checks)
                .flatMap(check -> check.findings(this).stream()
                        .map(finding -> check.getClass().getSimpleName() + ": " + finding))
                .toList();
    }
}
