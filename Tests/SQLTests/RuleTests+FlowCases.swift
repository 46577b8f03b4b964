import TestSupport

extension RuleTests {
  /// Rules about who pays whom, about customers and about cards.
  static let flowCases: [Case] = [
    Case(
      rule: "A18", what: "more than 20 senders within a day",
      payments: transfers(21, to: 1) + transfers(20, to: 60, from: 30), hits: ["account:1"]),
    Case(
      rule: "A18B", what: "five senders within a week, not within eight days",
      payments: (0..<5).map {
        Payment(account: 10 + $0, at: "2026-03-1\(3 + $0) 10:00:00", amount: 5, other: 1)
      }
        + (0..<5).map {
          Payment(account: 20 + $0, at: "2026-03-\(11 + $0 * 2) 10:00:00", amount: 5, other: 2)
        }, hits: ["account:1"]),
    Case(
      rule: "A19", what: "six payees on one day, not five",
      payments: (0..<6).map {
        Payment(at: "2026-03-19 1\($0):00:00", amount: 5, other: 10 + $0)
      }
        + (0..<6).map {
          Payment(
            account: 2, at: "2026-03-1\($0 == 0 ? 8 : 9) 1\($0):00:00", amount: 5, other: 10 + $0)
        }, hits: ["account:1"]),
    Case(
      rule: "A19", what: "not who pays as many accounts every other day",
      payments: (0..<6).map {
        Payment(at: "2026-03-19 1\($0):00:00", amount: 5, other: 10 + $0)
      }
        // Eighteen within the thirty days before are 0.6 a day, a tenth of six; nineteen are more.
        + (0..<18).map {
          Payment(at: "2026-03-0\(1 + $0 / 5) 10:00:00", amount: 5, other: 20 + $0)
        }
        + (0..<6).map {
          Payment(account: 2, at: "2026-03-19 1\($0):00:00", amount: 5, other: 10 + $0)
        }
        + (0..<19).map {
          Payment(account: 2, at: "2026-03-0\(1 + $0 / 5) 10:00:00", amount: 5, other: 20 + $0)
        }, hits: ["account:1"]),
    Case(
      rule: "A21", what: "three hops back within ten percent, in order",
      payments: [
        Payment(account: 1, at: "2026-03-01 10:00:00", amount: 1_000, other: 2),
        Payment(account: 2, at: "2026-03-05 10:00:00", amount: 950, other: 3),
        Payment(account: 3, at: "2026-03-09 10:00:00", amount: 920, other: 1),
        // Too little returns.
        Payment(account: 11, at: "2026-03-01 10:00:00", amount: 1_000, other: 12),
        Payment(account: 12, at: "2026-03-05 10:00:00", amount: 1_000, other: 13),
        Payment(account: 13, at: "2026-03-09 10:00:00", amount: 800, other: 11),
        // Only two accounts.
        Payment(account: 21, at: "2026-03-01 10:00:00", amount: 1_000, other: 22),
        Payment(account: 22, at: "2026-03-05 10:00:00", amount: 1_000, other: 21),
        // The money had left before it arrived.
        Payment(account: 31, at: "2026-03-09 10:00:00", amount: 1_000, other: 32),
        Payment(account: 32, at: "2026-03-09 09:00:00", amount: 1_000, other: 33),
        Payment(account: 33, at: "2026-03-09 08:00:00", amount: 1_000, other: 31),
        // Too late.
        Payment(account: 41, at: "2026-02-01 10:00:00", amount: 1_000, other: 42),
        Payment(account: 42, at: "2026-02-05 10:00:00", amount: 1_000, other: 43),
        Payment(account: 43, at: "2026-03-09 10:00:00", amount: 1_000, other: 41),
      ], hits: ["account:1", "account:2", "account:3"]),
    Case(
      rule: "A22", what: "twice each way within three days",
      payments: [
        Payment(at: "2026-03-17 10:00:00", amount: 5, other: 2),
        Payment(account: 2, at: "2026-03-18 10:00:00", amount: 5, other: 1),
        Payment(at: "2026-03-19 10:00:00", amount: 5, other: 2),
        Payment(account: 2, at: "2026-03-19 11:00:00", amount: 5, other: 1),
        Payment(account: 3, at: "2026-03-16 10:00:00", amount: 5, other: 4),
        Payment(account: 4, at: "2026-03-18 10:00:00", amount: 5, other: 3),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 5, other: 4),
        Payment(account: 4, at: "2026-03-19 11:00:00", amount: 5, other: 3),
      ], hits: ["account:1", "account:2"]),
    Case(
      rule: "A23", what: "over 70,000 on an account of less than seven days",
      setup: [
        "UPDATE accounts SET balance = 70000.01, opened_at = '2026-03-13 12:00:01' WHERE account_id = 1",
        "UPDATE accounts SET balance = 70000, opened_at = '2026-03-19' WHERE account_id = 2",
        "UPDATE accounts SET balance = 90000, opened_at = '2026-03-13 12:00:00' WHERE account_id = 3",
      ],
      payments: (1...3).map { Payment(account: $0, at: "2026-03-19 10:00:00", amount: 1) },
      hits: ["account:1"]),
    Case(
      rule: "A24", what: "over 100,000 in or out, or over 100 payments a day",
      payments: [
        Payment(at: "2026-03-18 23:00:00", amount: 100_000.01),
        Payment(account: 2, at: "2026-03-18 23:00:00", amount: 100_000),
        Payment(account: 3, at: "2026-03-18 23:00:00", amount: 60_000, type: "deposit"),
        Payment(account: 4, at: "2026-03-18 22:00:00", amount: 60_000, other: 3),
        Payment(account: 5, at: "2026-03-18 23:00:00", amount: 60_000, type: "deposit"),
        Payment(account: 5, at: "2026-03-19 00:00:00", amount: 60_000, type: "deposit"),
      ] + series(101, account: 6, minutes: 5, amount: 1)
        + series(100, account: 7, minutes: 5, amount: 1),
      hits: ["account:1", "account:3", "account:6"]),
    Case(
      rule: "A25", what: "21 payments within an hour over the full hour, not 20",
      payments: series(21, minutes: 2) + series(20, account: 2, minutes: 2)
        + series(21, account: 3, minutes: 3), hits: ["account:1"]),
    Case(
      rule: "A25", what: "an hour of 3,600 seconds where Europe's clocks repeat one",
      payments: series(21, on: "2025-10-26", minutes: 2, hour: 0)
        + series(21, account: 2, on: "2025-10-26", minutes: 4, hour: 0), hits: ["account:1"]),
    Case(
      rule: "A25B", what: "five within half an hour, not in 32 minutes",
      payments: series(5, minutes: 7) + series(5, account: 2, minutes: 8), hits: ["account:1"]),
    Case(
      rule: "A26", what: "above mean + 3 deviations of 12 payments before, the day itself left out",
      payments: (0..<12).map {
        Payment(at: "2026-03-0\(1 + $0 / 2) 1\($0 % 2):00:00", amount: $0 % 2 == 0 ? 90 : 110)
      } + [Payment(at: "2026-03-19 10:00:00", amount: 130.01)]
        + (0..<12).map {
          Payment(
            account: 2, at: "2026-03-0\(1 + $0 / 2) 1\($0 % 2):00:00",
            amount: $0 % 2 == 0 ? 90 : 110)
        } + [Payment(account: 2, at: "2026-03-19 10:00:00", amount: 130)]
        + (0..<11).map {
          Payment(account: 3, at: "2026-03-0\(1 + $0 / 2) 1\($0 % 2):00:00", amount: 100)
        } + [Payment(account: 3, at: "2026-03-19 10:00:00", amount: 9_000)],
      hits: ["account:1"]),
    Case(
      rule: "A27", what: "the largest of twenty payments and more",
      payments: (1...40).map {
        Payment(
          account: $0, at: "2026-03-19 10:00:00", amount: $0 == 1 ? 5_000 : $0 == 2 ? 10.5 : 10)
      }, hits: ["account:1"]),
    Case(
      rule: "A31", what: "three customers with one telephone, not two",
      setup: [
        "UPDATE customers SET phone = '+491' WHERE customer_id IN (1, 2, 3)",
        "UPDATE customers SET email = 'a@example.org' WHERE customer_id IN (4, 5)",
      ], payments: (1...5).map { Payment(account: $0, at: "2026-03-19 10:00:00", amount: 1) },
      hits: ["customer:1", "customer:2", "customer:3"]),
    Case(
      rule: "A33", what: "not identified and active",
      setup: [
        "UPDATE customers SET kyc_status = 'pending' WHERE customer_id IN (1, 2, 3)",
        "UPDATE customers SET is_active = 0 WHERE customer_id = 2",
      ],
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 1),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 1),
        Payment(account: 3, at: "2026-02-10 10:00:00", amount: 1),
        Payment(account: 4, at: "2026-03-19 10:00:00", amount: 1),
      ], hits: ["customer:1"]),
    Case(
      rule: "A33B", what: "high risk and over 150,000",
      setup: ["UPDATE customers SET risk_category = 'high' WHERE customer_id IN (1, 2)"],
      payments: [
        Payment(at: "2026-03-10 10:00:00", amount: 100_000),
        Payment(at: "2026-03-19 10:00:00", amount: 50_000.01),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 150_000),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 900_000),
      ], hits: ["customer:1"]),
    Case(
      rule: "A34", what: "a payment within an hour after a failed login",
      setup: [
        "INSERT INTO login_activity (customer_id, login_time, login_status) VALUES"
          + " (1, '2026-03-18 23:30:00', 'failed'), (2, '2026-03-18 23:30:00', 'failed'),"
          + " (3, '2026-03-18 23:30:00', 'success'), (4, '2026-03-18 23:30:00', 'failed')"
      ],
      payments: [
        Payment(at: "2026-03-19 00:30:00", amount: 5),
        Payment(account: 2, at: "2026-03-19 00:30:01", amount: 5),
        Payment(account: 3, at: "2026-03-19 00:00:00", amount: 5),
        Payment(account: 4, at: "2026-03-19 00:00:00", amount: 5, status: "denied"),
      ], hits: ["payment:1"]),
    Case(
      rule: "A06", what: "small deposits of three accounts, gathered and wired, not of two",
      payments: (0..<3).flatMap { number in
        [
          Payment(
            account: 10 + number, at: "2026-03-0\(1 + number) 10:00:00", amount: 2_500,
            type: "cash_deposit"),
          Payment(account: 10 + number, at: "2026-03-10 10:00:00", amount: 2_400, other: 1),
          Payment(
            account: 20 + number, at: "2026-03-0\(1 + number) 10:00:00",
            amount: number == 0 ? 3_000 : 2_500, type: "cash_deposit"),
          Payment(account: 20 + number, at: "2026-03-10 10:00:00", amount: 2_400, other: 2),
        ]
      } + [
        Payment(at: "2026-03-12 10:00:00", amount: 7_000, type: "wire"),
        Payment(account: 2, at: "2026-03-12 10:00:00", amount: 7_000, type: "wire"),
      ], hits: ["payment:13"]),
    Case(
      rule: "A07", what: "cash of two places taken out in a third within 72 hours",
      payments: [
        Payment(
          at: "2026-03-16 10:00:01", amount: 4_000, type: "cash_deposit", location: "Ulm"),
        Payment(
          at: "2026-03-17 10:00:00", amount: 4_000, type: "cash_deposit", location: "Bonn"),
        Payment(
          at: "2026-03-19 10:00:00", amount: 500, type: "atm_withdrawal", location: "Kiel"),
        Payment(
          account: 2, at: "2026-03-16 10:00:00", amount: 4_000, type: "cash_deposit",
          location: "Ulm"),
        Payment(
          account: 2, at: "2026-03-17 10:00:00", amount: 4_000, type: "cash_deposit",
          location: "Bonn"),
        Payment(
          account: 2, at: "2026-03-19 10:00:00", amount: 500, type: "atm_withdrawal",
          location: "Kiel"),
        Payment(
          account: 3, at: "2026-03-18 10:00:00", amount: 4_000, type: "cash_deposit",
          location: "Ulm"),
        Payment(
          account: 3, at: "2026-03-18 11:00:00", amount: 4_000, type: "cash_deposit",
          location: "Kiel"),
        Payment(
          account: 3, at: "2026-03-19 10:00:00", amount: 500, type: "atm_withdrawal",
          location: "Kiel"),
      ], hits: ["payment:3"]),
    Case(
      rule: "A11", what: "a transfer of 3,000 to nobody named",
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 3_000),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 2_999.99),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 3_000, other: 4),
        Payment(account: 4, at: "2026-03-19 10:00:00", amount: 3_000, iban: "DE02"),
        Payment(account: 5, at: "2026-03-19 10:00:00", amount: 3_000, type: "card_payment"),
      ], hits: ["payment:1"]),
    Case(
      rule: "A14", what: "ten payments on a day after six in 180 days, not after seven",
      setup: ["UPDATE accounts SET opened_at = '2025-12-01' WHERE account_id = 3"],
      payments: series(10, minutes: 9) + series(10, account: 2, minutes: 9)
        + series(10, account: 3, minutes: 9) + series(9, account: 4, minutes: 9)
        + (1...6).map { Payment(at: "2026-0\($0 > 3 ? 1 : 2)-1\($0) 10:00:00", amount: 1) }
        + (1...7).map {
          Payment(account: 2, at: "2026-0\($0 > 3 ? 1 : 2)-1\($0) 10:00:00", amount: 1)
        }, hits: ["account:1"]),
    Case(
      rule: "A16", what: "90 percent of one sum that came in within a day",
      payments: [
        Payment(at: "2026-03-18 12:00:00", amount: 2_000, type: "deposit"),
        Payment(at: "2026-03-19 11:59:59", amount: 1_800),
        Payment(account: 2, at: "2026-03-18 12:00:00", amount: 2_000, type: "deposit"),
        Payment(account: 2, at: "2026-03-19 12:00:01", amount: 1_800),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 2_000, type: "deposit"),
        Payment(account: 3, at: "2026-03-19 11:00:00", amount: 1_799.99),
        Payment(account: 4, at: "2026-03-19 10:00:00", amount: 2_000, other: 5),
        Payment(account: 5, at: "2026-03-19 11:00:00", amount: 2_000),
        Payment(account: 6, at: "2026-03-19 11:00:00", amount: 2_000),
        Payment(account: 6, at: "2026-03-19 12:00:00", amount: 2_000, type: "deposit"),
      ], hits: ["payment:2", "payment:8"]),
    Case(
      rule: "A18C", what: "small transfers from five accounts in sixty days, and not from four",
      payments: (0..<5).map {
        Payment(account: 10 + $0, at: "2026-03-1\($0) 10:00:00", amount: 1, other: 1)
      }
        + (0..<4).map {
          Payment(account: 20 + $0, at: "2026-03-1\($0) 10:00:00", amount: 1, other: 2)
        }
        + (0..<9).map {
          Payment(account: 30 + $0, at: "2026-03-15 10:00:00", amount: 500, other: 3)
        },
      hits: ["account:1", "account:10", "account:11", "account:12", "account:13", "account:14"]),
    Case(
      rule: "A20", what: "from one account over five others to one, in that order",
      payments: (0..<5).flatMap { number in
        [
          Payment(at: "2026-03-01 10:0\(number):00", amount: 500, other: 10 + number),
          Payment(account: 10 + number, at: "2026-03-05 10:00:00", amount: 490, other: 2),
          // The money had left before it arrived.
          Payment(account: 3, at: "2026-03-06 10:0\(number):00", amount: 500, other: 20 + number),
          Payment(account: 20 + number, at: "2026-03-05 10:00:00", amount: 490, other: 4),
        ]
        // Both ends are hit, nobody between them.
      }, hits: ["account:1", "account:2"]),
    Case(
      rule: "A28", what: "one payment with a black listed country, two with grey ones",
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 5, iban: "IR06"),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 5, iban: "HT01"),
        Payment(account: 3, at: "2026-02-19 10:00:00", amount: 5, iban: "HT01"),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 5, iban: "YE01"),
        Payment(account: 4, at: "2026-03-19 10:00:00", amount: 5, status: "denied", iban: "IR06"),
        // Off the list since October 2025.
        Payment(account: 5, at: "2026-03-18 10:00:00", amount: 5, iban: "ZA01"),
        Payment(account: 5, at: "2026-03-19 10:00:00", amount: 5, iban: "ZA01"),
      ], hits: ["account:1", "account:3"]),
    Case(
      rule: "A35", what: "a new payee within 72 hours of a login with a new device",
      setup: [
        "INSERT INTO login_activity (customer_id, login_time, login_status, device)"
          + " SELECT seq, '2026-01-01', 'success', 'old' FROM \(numbers(1...4)) AS n",
        "INSERT INTO login_activity (customer_id, login_time, login_status, device) VALUES"
          + " (1, '2026-03-17', 'success', 'new'), (2, '2026-03-17', 'success', 'old'),"
          + " (3, '2026-03-17', 'success', 'new'), (4, '2026-03-15', 'success', 'new'),"
          + " (5, '2026-03-17', 'success', 'first')",
      ],
      payments: [
        Payment(account: 3, at: "2026-03-01 10:00:00", amount: 1, other: 9)
      ] + (1...5).map { Payment(account: $0, at: "2026-03-19 10:00:00", amount: 1_000, other: 9) },
      hits: ["payment:2"]),
    Case(
      rule: "A38", what: "three large payments in a week after ninety quiet days",
      payments: [1, 2, 3].flatMap { account in
        [14, 16, 19].map {
          Payment(
            account: account, at: "2026-03-\($0) 10:00:00",
            amount: account == 2 && $0 == 16 ? 4_999.99 : 5_000)
        }
      } + [Payment(account: 3, at: "2026-02-01 10:00:00", amount: 1)],
      hits: ["account:1"]),
    Case(
      rule: "A38", what: "an account that the bank calls dormant needs no longer history",
      setup: [
        "UPDATE accounts SET account_status = 'dormant' WHERE account_id = 1",
        "DELETE FROM metric_day",
      ],
      payments: [1, 2].flatMap { account in
        [14, 16, 19].map {
          Payment(account: account, at: "2026-03-\($0) 10:00:00", amount: 5_000)
        }
      } + [Payment(account: 3, at: "2026-02-20 10:00:00", amount: 1)],
      hits: ["account:1"]),
    Case(
      rule: "A39", what: "transfers between three accounts of one owner, not two",
      setup: [
        "UPDATE accounts SET customer_id = 1 WHERE account_id IN (11, 12)",
        "UPDATE accounts SET customer_id = 2 WHERE account_id = 13",
      ],
      payments: [
        Payment(at: "2026-03-14 10:00:00", amount: 5, other: 11),
        Payment(account: 11, at: "2026-03-19 10:00:00", amount: 5, other: 12),
        Payment(account: 2, at: "2026-03-14 10:00:00", amount: 5, other: 13),
        Payment(account: 13, at: "2026-03-19 10:00:00", amount: 5, other: 2),
      ], hits: ["customer:1"]),
    Case(
      rule: "A41", what: "a hit of a version that counts since yesterday, not of the first one",
      setup: [
        "INSERT INTO rule_versions SELECT rule_id, 2, version_state, points, half_life_days,"
          + " expiry_days, proposed_by, proposed_at, approved_by, '2026-03-19 12:00:00'"
          + " FROM rule_versions WHERE rule_id = 'A01' AND rule_version = 1",
        "INSERT INTO rule_parameters SELECT rule_id, 2, parameter_name, parameter_value, unit"
          + " FROM rule_parameters WHERE rule_id = 'A01' AND rule_version = 1",
        "UPDATE rules SET active_version = 2 WHERE rule_id = 'A01'",
      ],
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 20_000, type: "cash_deposit"),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 60_000, type: "wire"),
      ], hits: ["payment:1"]),
    Case(
      rule: "A42", what: "three transfers of one amount between two accounts on one day",
      payments: (0..<3).flatMap { number in
        [
          Payment(at: "2026-03-19 10:0\(number):00", amount: 12, other: 2),
          Payment(
            account: 3, at: "2026-03-19 10:0\(number):00", amount: number == 0 ? 13 : 12, other: 4),
          Payment(account: 5, at: "2026-03-1\(7 + number) 10:00:00", amount: 12, other: 6),
        ]
      }, hits: ["account:1", "account:2"]),
    Case(
      rule: "M01", what: "a payment with a flag that counts",
      setup: [
        "INSERT INTO payment_flags (transaction_id, account_id, customer_id, flag_level, reason,"
          + " flagged_by, flagged_at, removed_by, removed_at) VALUES"
          + " (1, 1, 1, 'Low', 'x', 'ana', '2026-03-19 11:00:00', NULL, NULL),"
          + " (2, 2, 2, 'High', 'x', 'ana', '2026-03-19 11:00:00', 'bo', '2026-03-19 12:00:00')"
      ],
      payments: (1...3).map { Payment(account: $0, at: "2026-03-19 10:00:00", amount: 5) },
      hits: ["payment:1"]),
    Case(
      rule: "C01", what: "three declines within ten minutes",
      payments: series(3, minutes: 4, status: "denied")
        + series(3, account: 2, minutes: 5, status: "denied")
        + series(3, account: 3, minutes: 1),
      hits: ["account:1"]),
  ]
}
