// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.internal.http.WebSocketInternal;
import io.vertx.junit5.VertxExtension;
import io.vertx.junit5.VertxTestContext;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Real sockets: what the one end writes is what the other end reads. */
@ExtendWith(VertxExtension.class)
class TextFrameTest {
    private static final String HOST = "127.0.0.1";
    private static final int MESSAGE_BYTES_MAX = 1 << 20;
    private static final int SHORT_BYTES_MAX = 125;

    private static final List<String> TEXTS = List.of(
            "",
            "a",
            "a".repeat(SHORT_BYTES_MAX),
            "a".repeat(SHORT_BYTES_MAX + 1),
            "grün, 緑, \uD83D\uDFE2",
            "緑".repeat(TextFrame.CHARACTERS_MAX),
            "a".repeat(TextFrame.CHARACTERS_MAX + 1),
            "緑".repeat(TextFrame.CHARACTERS_MAX + 1));

    /** The library closes one that nobody refers to. */
    private @Nullable WebSocketClient client;

    private WebSocketClient client(Vertx vertx) {
        client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxMessageSize(MESSAGE_BYTES_MAX)
                .setClosingTimeout(0));
        return client;
    }

    @Test
    void each_text_arrives_whole_and_in_order_however_often_it_is_written(Vertx vertx, VertxTestContext test) {
        List<String> messages = new ArrayList<>();
        vertx.createHttpServer()
                .webSocketHandler(socket -> TEXTS.forEach(text -> writeTo(List.of(socket, socket), text)))
                .listen(0, HOST)
                .compose(server -> client(vertx)
                        .webSocket()
                        .textMessageHandler(message -> {
                            messages.add(message);
                            if (messages.size() == 2 * TEXTS.size()) {
                                test.verify(() -> assertThat(messages)
                                        .isEqualTo(TEXTS.stream()
                                                .flatMap(text -> Stream.of(text, text))
                                                .toList()));
                                test.completeNow();
                            }
                        })
                        .connect(server.actualPort(), HOST, "/"))
                .onFailure(test::failNow);
    }

    @Test
    void what_a_socket_alone_is_told_comes_in_order_with_what_others_are_told_too(Vertx vertx, VertxTestContext test) {
        List<String> messages = new ArrayList<>();
        vertx.createHttpServer()
                .webSocketHandler(socket -> {
                    Flushes.OfSocket leaving = new Flushes(end -> vertx.runOnContext(v -> end.run())).new OfSocket();
                    ChannelHandlerContext library = ((WebSocketInternal) socket).channelHandlerContext();
                    library.pipeline().addBefore(library.name(), null, leaving);
                    for (String text : TEXTS) {
                        TextFrame.write(socket, text, leaving);
                        writeTo(List.of(socket), text + "!");
                        TextFrame.write(socket, text + "?", leaving);
                    }
                    socket.close();
                })
                .listen(0, HOST)
                .compose(server -> client(vertx)
                        .webSocket()
                        .textMessageHandler(messages::add)
                        .closeHandler(v -> test.verify(() -> {
                            assertThat(messages)
                                    .isEqualTo(TEXTS.stream()
                                            .flatMap(text -> Stream.of(text, text + "!", text + "?"))
                                            .toList());
                            test.completeNow();
                        }))
                        .connect(server.actualPort(), HOST, "/"))
                .onFailure(test::failNow);
    }

    private static void writeTo(List<ServerWebSocket> sockets, String text) {
        try (TextFrame frame = new TextFrame(text)) {
            sockets.forEach(frame::writeTo);
        }
    }

    @Test
    void a_text_that_is_not_too_long_is_one_frame(Vertx vertx, VertxTestContext test) {
        String text = "a".repeat(TextFrame.CHARACTERS_MAX);
        vertx.createHttpServer()
                .webSocketHandler(socket -> writeTo(List.of(socket), text))
                .listen(0, HOST)
                .compose(server -> client(vertx)
                        .webSocket()
                        .frameHandler(frame -> test.verify(() -> {
                            assertThat(frame)
                                    .returns(true, WebSocketFrame::isText)
                                    .returns(true, WebSocketFrame::isFinal);
                            assertThat(frame.textData()).isEqualTo(text);
                            test.completeNow();
                        }))
                        .connect(server.actualPort(), HOST, "/"))
                .onFailure(test::failNow);
    }

    @Test
    void what_waits_for_a_reader_that_goes_away_is_let_go(Vertx vertx, VertxTestContext test) {
        List<TextFrame> written = new ArrayList<>();
        Promise<Void> waiting = Promise.promise();
        vertx.createHttpServer()
                .webSocketHandler(socket -> {
                    socket.closeHandler(v -> vertx.runOnContext(later -> test.verify(() -> {
                        assertThat(written).allMatch(frame -> frame.encoded != null && frame.encoded.refCnt() == 0);
                        test.completeNow();
                    })));
                    while (!socket.writeQueueFull()) {
                        written.add(write(socket));
                    }
                    written.add(write(socket));
                    waiting.complete();
                })
                .listen(0, HOST)
                .compose(server -> client(vertx).connect(server.actualPort(), HOST, "/"))
                .map(WebSocket::pause)
                .onSuccess(reader -> waiting.future().onSuccess(v -> cut(reader)))
                .onFailure(test::failNow);
    }

    private static TextFrame write(ServerWebSocket socket) {
        TextFrame frame = new TextFrame("a".repeat(TextFrame.CHARACTERS_MAX));
        frame.writeTo(socket);
        frame.close();
        return frame;
    }

    /** Without a goodbye. */
    private static void cut(WebSocket reader) {
        Channel channel = ((WebSocketInternal) reader).channelHandlerContext().channel();
        channel.eventLoop().execute(channel.unsafe()::closeForcibly);
    }
}
