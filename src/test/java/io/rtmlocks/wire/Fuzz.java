// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/**
 * Feeds a decoder with messages that were damaged: bits turned, ends cut off, bytes replaced, or nothing but chance.
 *
 * <p>It must answer with a value or a {@link BadMessageException}, and soon. {@code -Drtm.fuzz.rounds=N} runs longer.
 */
public final class Fuzz {

    private static final int ROUNDS = Integer.getInteger("rtm.fuzz.rounds", 20_000);
    private static final int DAMAGES_MAX = 4;
    private static final int NOISE_BYTES_MAX = 64;
    private static final long MILLIS_MAX = 1_000;

    private final SplittableRandom random;
    private int refused;

    private Fuzz(long seed) {
        this.random = new SplittableRandom(seed);
    }

    /** What is fed. */
    public interface Decoder {
        void decode(byte[] message) throws BadMessageException;
    }

    /** Where sound messages come from. */
    public interface Source {
        byte[] message(long seed);
    }

    /** Feeds the decoder; the damaged messages are others each time. */
    public static void run(Source source, Decoder decoder) {
        long first = new SplittableRandom().nextLong();
        int refused = 0;
        for (long seed = first; seed < first + ROUNDS; seed++) {
            Fuzz fuzz = new Fuzz(seed);
            fuzz.feed(seed, fuzz.damaged(source.message(seed)), decoder);
            refused += fuzz.refused;
        }
        assertThat(refused).as("messages refused").isGreaterThan(ROUNDS / 4);
    }

    private void feed(long seed, byte[] message, Decoder decoder) {
        long start = System.nanoTime();
        try {
            decoder.decode(message);
        } catch (BadMessageException expected) {
            refused++;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed + ", message " + Arrays.toString(message), e);
        }
        long millis = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
        if (millis > MILLIS_MAX) {
            throw new AssertionError("seed " + seed + " took " + millis + " ms");
        }
    }

    private byte[] damaged(byte[] sound) {
        byte[] message = sound.clone();
        int kind = random.nextInt(4);
        if (kind == 0) {
            return Arrays.copyOf(message, random.nextInt(message.length));
        }
        if (kind == 1) {
            byte[] noise = new byte[random.nextInt(NOISE_BYTES_MAX)];
            random.nextBytes(noise);
            System.arraycopy(message, 0, noise, 0, Math.min(2, noise.length));
            return noise;
        }
        for (int i = random.nextInt(DAMAGES_MAX); i >= 0; i--) {
            int at = random.nextInt(message.length);
            message[at] = (byte) (kind == 2 ? message[at] ^ (1 << random.nextInt(Byte.SIZE)) : random.nextInt());
        }
        return message;
    }
}
