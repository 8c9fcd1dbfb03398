// SPDX-License-Identifier: Apache-2.0
package io.rtmlocks.shard;

import java.util.List;

/** What a shard sends to a gateway, in order. */
public record DeliveryBatch(List<Delivery> deliveries) {}
