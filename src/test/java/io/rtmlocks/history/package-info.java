// SPDX-License-Identifier: Apache-2.0
/** What clients did and saw, and checks that judge it by the rules of a lock alone: they trust nothing but answers and events. */
package io.rtmlocks.history;
