// SPDX-License-Identifier: Apache-2.0
/**
 * What must always be true of a lock table, told from outside: each class looks only at commands and effects, so that it
 * can watch any run of any table, in one process or in a simulated cluster.
 */
package io.rtmlocks.lock.invariant;
