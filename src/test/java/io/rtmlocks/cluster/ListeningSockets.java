// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What this process can be reached at, as Linux tells it. */
final class ListeningSockets {

    private static final String TCP_LISTEN = "0A";
    private static final int ADDRESS = 1;
    private static final int STATE = 3;
    private static final int INODE = 9;
    private static final int HEX = 16;

    private ListeningSockets() {}

    /** Such as {@code tcp 127.0.0.1:8080}; of UDP every socket, because each of them may be sent to. */
    static Set<String> ofThisProcess() throws IOException {
        Set<String> own = inodes();
        Set<String> found = new TreeSet<>();
        for (String table : List.of("tcp", "tcp6", "udp", "udp6")) {
            boolean isTcp = table.startsWith("tcp");
            Files.readAllLines(Path.of("/proc/self/net", table)).stream()
                    .skip(1)
                    .map(line -> line.strip().split("\\s+"))
                    .filter(columns -> own.contains(columns[INODE]))
                    .filter(columns -> !isTcp || columns[STATE].equals(TCP_LISTEN))
                    .forEach(columns -> found.add(table.substring(0, 3) + ' ' + address(columns[ADDRESS])));
        }
        return found;
    }

    private static Set<String> inodes() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc/self/fd"))) {
            return files.map(ListeningSockets::target)
                    .filter(target -> target.startsWith("socket:["))
                    .map(target -> target.substring("socket:[".length(), target.length() - 1))
                    .collect(Collectors.toCollection(HashSet::new));
        }
    }

    private static String target(Path file) {
        try {
            return Files.readSymbolicLink(file).toString();
        } catch (IOException e) {
            return "closed meanwhile";
        }
    }

    /** Four bytes at a time stand the wrong way round. */
    private static String address(String column) {
        String[] parts = column.split(":");
        byte[] address = new byte[parts[0].length() / 2];
        for (int i = 0; i < address.length; i++) {
            int from = 2 * (i ^ 3);
            address[i] = (byte) Integer.parseInt(parts[0].substring(from, from + 2), HEX);
        }
        try {
            return InetAddress.getByAddress(address).getHostAddress() + ':' + Integer.parseInt(parts[1], HEX);
        } catch (UnknownHostException e) {
            throw new UncheckedIOException(e);
        }
    }
}
