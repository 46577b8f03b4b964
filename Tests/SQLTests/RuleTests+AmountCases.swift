import TestSupport

extension RuleTests {
  /// Rules about amounts and counts of one account.
  static let amountCases: [Case] = [
    Case(
      rule: "A01", what: "cash of 10,000.01, not of 10,000, nor a transfer",
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 10_000.01, type: "cash_deposit"),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 10_000, type: "cash_deposit"),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 20_000),
        Payment(
          account: 4, at: "2026-03-19 10:00:00", amount: 20_000, type: "cash_deposit",
          status: "denied"),
      ], hits: ["payment:1"]),
    Case(
      rule: "A02", what: "two accounts of one person on one day, not across midnight",
      setup: ["UPDATE accounts SET customer_id = 1 WHERE account_id = 2"],
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 6_000, type: "cash_deposit"),
        Payment(account: 2, at: "2026-03-19 11:00:00", amount: 4_000.01, type: "atm_withdrawal"),
        Payment(account: 3, at: "2026-03-18 23:59:59", amount: 6_000, type: "cash_deposit"),
        Payment(account: 3, at: "2026-03-19 00:00:00", amount: 6_000, type: "cash_deposit"),
      ], hits: ["customer:1"]),
    Case(
      rule: "A03",
      what: "three from 8,000 to below 10,000 within 24 hours, across midnight and a month",
      payments: [
        Payment(at: "2026-02-28 23:00:00", amount: 8_000),
        Payment(at: "2026-03-01 09:00:00", amount: 9_999.99),
        Payment(at: "2026-03-01 22:59:59", amount: 9_000),
        Payment(account: 2, at: "2026-03-18 10:00:00", amount: 9_000),
        Payment(account: 2, at: "2026-03-18 11:00:00", amount: 9_000),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 9_000),
        Payment(account: 3, at: "2026-03-18 10:00:00", amount: 9_000),
        Payment(account: 3, at: "2026-03-18 11:00:00", amount: 10_000),
        Payment(account: 3, at: "2026-03-18 12:00:00", amount: 7_999.99),
        Payment(account: 3, at: "2026-03-18 13:00:00", amount: 9_000),
      ], hits: ["account:1"]),
    Case(
      rule: "A04", what: "three within seven days, not within seven days and a second",
      payments: [
        Payment(at: "2026-03-10 10:00:00", amount: 8_500),
        Payment(at: "2026-03-14 10:00:00", amount: 8_500),
        Payment(at: "2026-03-17 09:59:59", amount: 8_500),
        Payment(account: 2, at: "2026-03-10 10:00:00", amount: 8_500),
        Payment(account: 2, at: "2026-03-14 10:00:00", amount: 8_500),
        Payment(account: 2, at: "2026-03-17 10:00:00", amount: 8_500),
      ], hits: ["account:1"]),
    Case(
      rule: "A05", what: "five within a day, not four",
      payments: series(5, minutes: 60, amount: 9_000, type: "transfer")
        + series(4, account: 2, minutes: 60, amount: 9_000, type: "transfer"),
      hits: ["account:1"]),
    Case(
      rule: "A08", what: "more than 25,000 within 24 hours over midnight",
      payments: [
        Payment(at: "2026-03-18 20:00:00", amount: 15_000),
        Payment(at: "2026-03-19 19:59:59", amount: 10_000.01),
        Payment(account: 2, at: "2026-03-18 20:00:00", amount: 15_000),
        Payment(account: 2, at: "2026-03-19 20:00:00", amount: 10_000.01),
        Payment(account: 3, at: "2026-03-19 20:00:00", amount: 25_000),
      ], hits: ["account:1"]),
    Case(
      rule: "A09", what: "a transfer over 50,000",
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 50_000.01, type: "wire"),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 50_000),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 60_000, type: "card_payment"),
        Payment(
          account: 4, at: "2026-03-19 10:00:00", amount: 60_000, type: "wire", status: "denied"),
      ], hits: ["payment:1"]),
    Case(
      rule: "A10", what: "a wire of 5,000, not a transfer",
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 5_000, type: "wire"),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 4_999.99, type: "wire"),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 9_000),
      ], hits: ["payment:1"]),
    Case(
      rule: "A12", what: "three multiples of 1,000 in 30 days",
      payments: [
        Payment(at: "2026-02-19 12:00:00", amount: 1_000),
        Payment(at: "2026-03-01 12:00:00", amount: 2_000),
        Payment(at: "2026-03-19 12:00:00", amount: 7_000),
        Payment(account: 2, at: "2026-02-17 12:00:00", amount: 1_000),
        Payment(account: 2, at: "2026-03-01 12:00:00", amount: 2_000),
        Payment(account: 2, at: "2026-03-19 12:00:00", amount: 7_000),
        Payment(account: 3, at: "2026-03-18 12:00:00", amount: 1_000),
        Payment(account: 3, at: "2026-03-19 11:00:00", amount: 1_500),
        Payment(account: 3, at: "2026-03-19 12:00:00", amount: 3_000),
      ], hits: ["account:1"]),
    Case(
      rule: "A13", what: "over 5,000 after more than 90 days",
      payments: [
        Payment(at: "2025-12-18 10:00:00", amount: 1),
        Payment(at: "2026-03-19 10:00:00", amount: 5_000.01),
        Payment(account: 2, at: "2025-12-19 10:00:00", amount: 1),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 5_000.01),
        Payment(account: 3, at: "2025-12-01 10:00:00", amount: 1),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 5_000),
        Payment(account: 4, at: "2026-03-19 10:00:00", amount: 9_000),
      ], hits: ["payment:2"]),
    Case(
      rule: "A13", what: "of an account that the bank calls dormant, without a payment before",
      setup: ["UPDATE accounts SET account_status = 'dormant' WHERE account_id IN (1, 2)"],
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 5_000.01),
        Payment(account: 2, at: "2026-03-01 10:00:00", amount: 1),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 9_000),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 9_000),
      ], hits: ["payment:1"]),
    Case(
      rule: "A15", what: "80 percent of what came in leaves the next day, not the day after",
      payments: [
        Payment(at: "2026-03-17 10:00:00", amount: 1_000, type: "deposit"),
        Payment(at: "2026-03-18 23:00:00", amount: 800),
        Payment(account: 2, at: "2026-03-17 10:00:00", amount: 1_000, type: "deposit"),
        Payment(account: 2, at: "2026-03-18 23:00:00", amount: 799.99),
        Payment(account: 3, at: "2026-03-17 10:00:00", amount: 1_000, type: "deposit"),
        Payment(account: 3, at: "2026-03-19 01:00:00", amount: 900),
        Payment(account: 4, at: "2026-03-17 10:00:00", amount: 1_000, other: 5),
        Payment(account: 5, at: "2026-03-17 11:00:00", amount: 950),
      ], hits: ["account:1", "account:5"]),
    Case(
      rule: "A15B", what: "a large sum of which 85 to 102 percent leaves, not a small share of all",
      payments: (1...4).flatMap { account in
        [
          Payment(account: account, at: "2026-03-18 10:00:00", amount: 12_000, type: "deposit"),
          Payment(
            account: account, at: "2026-03-19 10:00:00",
            amount: [1: 10_200, 2: 10_199, 3: 12_241][account] ?? 12_000),
        ]
      }
        + [
          Payment(account: 4, at: "2026-03-05 10:00:00", amount: 30_000, type: "deposit"),
          Payment(account: 4, at: "2026-03-06 10:00:00", amount: 20_000),
        ],
      hits: ["account:1"]),
    Case(
      rule: "A16B", what: "three payments of what had just come in within a week, not two",
      payments: [1, 2].flatMap { account in
        (0..<3).flatMap { number in
          [
            Payment(
              account: account, at: "2026-03-1\(4 + number) 10:00:00", amount: 2_000,
              type: "deposit"),
            Payment(
              account: account, at: "2026-03-1\(4 + number) 11:00:00",
              amount: account == 2 && number == 1 ? 1_500 : 1_900),
          ]
        }
      }, hits: ["account:1"]),
    Case(
      rule: "A34B", what: "1,000 after six failed logins, not after five",
      setup: [
        "INSERT INTO login_activity (customer_id, login_time, login_status)"
          + " SELECT c.customer_id, '2026-03-19 09:30:00', 'failed' FROM customers AS c"
          + " INNER JOIN \(numbers(1...6)) AS n WHERE c.customer_id <= 3 AND n.seq <= 7 - c.customer_id"
      ],
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 1_000),
        Payment(at: "2026-03-19 10:00:01", amount: 999.99),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 1_000),
      ], hits: ["payment:1"]),
    Case(
      rule: "A17", what: "nine tenths of the balance",
      payments: [
        Payment(at: "2026-03-19 10:00:00", amount: 9_000, balanceAfter: 1_000),
        Payment(account: 2, at: "2026-03-19 10:00:00", amount: 8_999, balanceAfter: 1_001),
        Payment(account: 3, at: "2026-03-19 10:00:00", amount: 999, balanceAfter: 0),
        Payment(account: 4, at: "2026-03-19 10:00:00", amount: 9_000),
        Payment(
          account: 5, at: "2026-03-19 10:00:00", amount: 9_000, type: "deposit", balanceAfter: 1_000
        ),
      ], hits: ["payment:1"]),
  ]
}
