// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** Who knows the secret makes the same credentials, byte for byte, and nobody else does. */
class SharedCredentialsTest {

    /** RFC 8032 §7.1, test 1: on every Java the same seed must give the same key. */
    @Test
    void key_is_the_one_of_the_standard() throws Exception {
        byte[] seed = HexFormat.of().parseHex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");

        byte[] encoded = SharedCredentials.pair(seed).getPublic().getEncoded();

        assertThat(HexFormat.of().formatHex(encoded))
                .endsWith("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    }

    @Test
    void certificate_is_equal_for_equal_seeds_and_vouches_for_itself() throws Exception {
        byte[] seed = seed(1);

        Credentials one = SharedCredentials.of(seed);
        Credentials other = SharedCredentials.of(seed);

        assertThat(one.chain().get(0).getEncoded())
                .isEqualTo(other.chain().get(0).getEncoded());
        assertThat(one.chain().get(0).getVersion()).isEqualTo(3);
        one.chain().get(0).verify(other.chain().get(0).getPublicKey());
        one.chain().get(0).checkValidity();
        assertThat(SharedCredentials.of(seed(2)).chain().get(0).getEncoded())
                .isNotEqualTo(one.chain().get(0).getEncoded());
    }

    private static byte[] seed(int of) {
        byte[] seed = new byte[SharedCredentials.SEED_BYTES];
        Arrays.fill(seed, (byte) of);
        return seed;
    }
}
