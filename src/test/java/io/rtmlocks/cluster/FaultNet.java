// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.cluster;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.List;
import java.util.stream.IntStream;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** How clients come to the nodes of a fault test: one in four over a long cable, all with a login token. */
final class FaultNet implements AutoCloseable {

    static final String SECRET = "a secret of the fault tests, long enough for anybody";
    private static final int CLIENTS_MAX = 500;
    private static final int FAR_AWAY_ONE_IN = 4;
    private static final long DELAY_MS = 15;
    private static final long TOKEN_SECONDS = 7_200;

    private final Vertx vertx = Vertx.vertx();
    private final WebSocketClient webSockets =
            vertx.createWebSocketClient(new WebSocketClientOptions().setMaxConnections(CLIENTS_MAX));
    private final List<SocketAddress> near;
    private final List<SocketAddress> far;

    FaultNet(List<NodePlace> places) {
        near = places.stream()
                .map(place -> SocketAddress.inetSocketAddress(place.webPort(), place.webHost()))
                .toList();
        far = IntStream.range(0, near.size())
                .mapToObj(node -> new DelayProxy(vertx, near.get(node), DELAY_MS).address())
                .toList();
    }

    int size() {
        return near.size();
    }

    Vertx vertx() {
        return vertx;
    }

    WebSocketClient webSockets() {
        return webSockets;
    }

    SocketAddress address(String user, int node) {
        return Math.floorMod(user.hashCode(), FAR_AWAY_ONE_IN) == 0 ? far.get(node) : near.get(node);
    }

    SocketAddress nearAddress(int node) {
        return near.get(node);
    }

    String loginToken(String user) {
        long now = System.currentTimeMillis() / 1_000;
        String content = part(new JsonObject().put("alg", "HS256").put("typ", "JWT")) + "."
                + part(new JsonObject().put("sub", user).put("iat", now).put("exp", now + TOKEN_SECONDS));
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            return content + "." + text(mac.doFinal(content.getBytes(StandardCharsets.UTF_8)));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String part(JsonObject json) {
        return text(json.encode().getBytes(StandardCharsets.UTF_8));
    }

    private static String text(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    @Override
    public void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }
}
