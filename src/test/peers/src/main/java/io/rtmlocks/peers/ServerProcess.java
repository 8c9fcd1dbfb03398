// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A server in a process and a directory of its own; both are gone after {@link #close}. It may take its time to serve. */
final class ServerProcess implements AutoCloseable {
    private static final int START_SECONDS_MAX = 60;
    private static final int STOP_SECONDS_MAX = 5;

    private final Process process;
    private final Path directory;

    private ServerProcess(Process process, Path directory) {
        this.process = process;
        this.directory = directory;
    }

    /** Starts the command with the directory as its own; what it says goes to a file there. */
    static ServerProcess start(Path directory, List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("said.txt").toFile())
                .start();
        ServerProcess server = new ServerProcess(process, directory);
        Runtime.getRuntime().addShutdownHook(new Thread(server::close));
        return server;
    }

    static Path newDirectory() throws IOException {
        return Files.createTempDirectory("rtm-peer-");
    }

    /** Ports of the loopback that are free now, each another. */
    static List<Integer> freePorts(int count) throws IOException {
        List<ServerSocket> taken = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            taken.add(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
        }
        for (ServerSocket socket : taken) {
            socket.close();
        }
        return taken.stream().map(ServerSocket::getLocalPort).toList();
    }

    /** The path of a program, or {@link MissingException} with the name of the Debian package that has it. */
    static Path program(String name, String debianPackage) throws MissingException {
        return Stream.of(System.getenv("PATH").split(":"))
                .map(directory -> Path.of(directory, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new MissingException(debianPackage));
    }

    long pid() {
        return process.pid();
    }

    /** Waits until the port is open; fails with the server's last words when it ended instead. */
    void awaitPort(int port) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS_MAX);
        while (System.nanoTime() < end) {
            if (!process.isAlive()) {
                throw new IOException("ended at its start: " + lastWords());
            }
            try (Socket socket = new Socket()) {
                socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
                return;
            } catch (IOException e) {
                Thread.sleep(50);
            }
        }
        throw new IOException("port " + port + " not open after " + START_SECONDS_MAX + " s: " + lastWords());
    }

    private String lastWords() throws IOException {
        List<String> said = Files.readAllLines(directory.resolve("said.txt"));
        return String.join(" | ", said.subList(Math.max(0, said.size() - 3), said.size()));
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
        deleteDirectory();
    }

    private void deleteDirectory() {
        if (!Files.exists(directory)) {
            return;
        }
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
