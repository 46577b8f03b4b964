import Foundation
import MariaDBClient
import Testing

@testable import Ingest

@Suite("Import of payments and accounts", .timeLimit(.minutes(5)))
struct TransactionImportTests {
  private let cards = """
    id,card_id,store_id,datetime,amount,currency,customer_present,fraud,expiration_date,provider,lat,lng,region,country
    0,32261,8516,2019-01-01 00:12:26,24900,USD,True,False,08/24,Mastercard,38.5,-89.9,Fairview Heights,US
    1,16434,8516,2019-01-01 09:42:03,15789,JPY,False,False,11/21,Discover,38.5,-89.9,Fairview Heights,US
    2,32261,8516,2019-04-17 08:17:01,1883,KWD,False,False,09/27,VISA 13 digit,38.5,-89.9,Fairview Heights,US
    3,32261,8516,2019-04-17 08:17:01,1883,QQQ,False,False,09/27,VISA 13 digit,38.5,-89.9,Fairview Heights,US
    4,32261,8516,2019-04-17 08:17:01,1883,USD,False,False,09/27,Bank of Dad,38.5,-89.9,Fairview Heights,US

    """

  @Test("card payments get an account per card, and unknown currencies are refused")
  func cardPayments() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let summary = try await Fixtures.run(connection, cards, mapping: "cards")
      #expect(summary.counts == ImportCounts(read: 5, loaded: 3, quarantined: 2))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', account_id, transaction_amount, currency, channel, card_scheme,"
            + " location, title, status, base_amount > 0) FROM transactions ORDER BY transaction_id"
        )
          == [
            "1|249.0000|USD|card_present|mastercard|Fairview Heights|store 8516|completed|1",
            "2|15789.0000|JPY|ecommerce|discover|Fairview Heights|store 8516|completed|1",
            "1|1.8830|KWD|ecommerce|visa|Fairview Heights|store 8516|completed|1",
          ])
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', line_number, column_name, reason) FROM import_quarantine"
            + " ORDER BY line_number")
          == [
            "5|currency|the currency is not in currencies",
            "6|provider|the value is not one of American Express, Diners Club / Carte Blanche,"
              + " Discover, JCB 15 digit, JCB 16 digit, Maestro, Mastercard, VISA 13 digit,"
              + " VISA 16 digit, VISA 19 digit",
          ])
      #expect(try await Fixtures.number(connection, "SELECT COUNT(*) FROM accounts") == 2)
      #expect(
        try await Fixtures.number(connection, "SELECT COUNT(*) FROM transaction_changes") == 3)
      let contents = try await Fixtures.contents(connection)
      let again = try await Fixtures.run(connection, cards, mapping: "cards", batchRecords: 1)
      #expect(again.counts == ImportCounts(read: 5, duplicate: 3, quarantined: 2))
      #expect(try await Fixtures.contents(connection) == contents)
      let changed = try await Fixtures.run(
        connection, cards.replacingOccurrences(of: "24900", with: "25000"), mapping: "cards")
      #expect(changed.counts == ImportCounts(read: 5, updated: 1, duplicate: 2, quarantined: 2))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', transaction_amount, ROUND(base_amount / transaction_amount"
            + " / fx_rate(currency, DATE(transaction_time)), 3)) FROM transactions LIMIT 1")
          == ["250.0000|1.000"])
    }
  }

  @Test("records of archived payments are duplicates when equal, and refused otherwise")
  func archived() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      let later = cards.replacingOccurrences(of: "2019-04-17", with: "2019-05-17")
      _ = try await Fixtures.run(connection, later, mapping: "cards")
      try await connection.execute(
        "UPDATE settings SET setting_value = 3 WHERE setting_name = 'archive_after_months'")
      _ = try await connection.queryAll("CALL refresh_rollups(1000)")
      _ = try await connection.queryAll("CALL archive_payments(1000)")
      #expect(
        try await Fixtures.number(connection, "SELECT COUNT(*) FROM transactions_archive") == 2)
      let again = try await Fixtures.run(connection, later, mapping: "cards")
      #expect(again.counts == ImportCounts(read: 5, duplicate: 3, quarantined: 2))
      let changed = try await Fixtures.run(
        connection, later.replacingOccurrences(of: "24900", with: "25000"), mapping: "cards")
      #expect(changed.counts == ImportCounts(read: 5, duplicate: 2, quarantined: 3))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT reason FROM import_quarantine ORDER BY import_id DESC, line_number LIMIT 1")
          == ["the payment is in the archive and cannot change"])
      #expect(try await Fixtures.number(connection, "SELECT COUNT(*) FROM transactions") == 1)
    }
  }

  @Test("equal transfers are separate payments, and accounts come before or after them")
  func transfers() async throws {
    let nodes = "nodeid,isFraud,init_balance,fraudStep\n0,0,184.44,-1\n1,1,175.80,3\n2,0,1.00,-1\n"
    let transfers =
      "sourceNodeId,targetNodeId,value,time\n0,1,10.5,1\n0,1,10.5,1\n1,0,3,149\n0,1,10.5,1\n"
    try await Deployed.withSchema { (connection: Connection) async throws in
      for accountsFirst in [true, false] {
        for batch in [1, 2, 50] {
          let source = "amlsim-\(accountsFirst)-\(batch)"
          func run(_ text: String) async throws -> ImportCounts {
            try await Fixtures.run(
              connection, text, mapping: "amlsim", source: source, batchRecords: batch
            ).counts
          }
          if accountsFirst {
            #expect(try await run(nodes) == ImportCounts(read: 3, loaded: 3))
            #expect(try await run(transfers) == ImportCounts(read: 4, loaded: 4))
          } else {
            #expect(try await run(transfers) == ImportCounts(read: 4, loaded: 4))
            #expect(try await run(nodes) == ImportCounts(read: 3, loaded: 1, updated: 2))
          }
          #expect(try await run(nodes) == ImportCounts(read: 3, duplicate: 3))
          #expect(try await run(transfers) == ImportCounts(read: 4, duplicate: 4))
          #expect(
            try await Fixtures.texts(
              connection,
              "SELECT CONCAT_WS('|', c.name, a.balance, a.opened_at) FROM accounts AS a"
                + " INNER JOIN customers AS c ON c.customer_id = a.customer_id"
                + " INNER JOIN external_references AS r ON r.internal_id = a.account_id"
                + " AND r.entity = 'account' AND r.source_name = '\(source)' ORDER BY c.name")
              == [
                "amlsim 0|184.4400|2017-01-01 00:00:00", "amlsim 1|175.8000|2017-01-01 00:00:00",
                "amlsim 2|1.0000|2017-01-01 00:00:00",
              ])
          #expect(
            try await Fixtures.texts(
              connection,
              "SELECT CONCAT_WS('|', s.external_id, r.external_id, t.transaction_amount,"
                + " t.transaction_time) FROM transactions AS t"
                + " INNER JOIN external_references AS s ON s.internal_id = t.account_id"
                + " AND s.entity = 'account' AND s.source_name = '\(source)'"
                + " INNER JOIN external_references AS r ON r.internal_id"
                + " = t.counterparty_account_id AND r.entity = 'account'"
                + " ORDER BY t.transaction_id")
              == [
                "0|1|10.5000|2017-01-02 00:00:00", "0|1|10.5000|2017-01-02 00:00:00",
                "1|0|3.0000|2017-05-30 00:00:00", "0|1|10.5000|2017-01-02 00:00:00",
              ])
        }
      }
    }
  }

  private let own = #"""
    transaction_id,account_id,transaction_time,transaction_amount,currency,transaction_type,status,requested_at,responded_at,title,duration_ms
    7,1,2026-01-01 10:00:00,12.50,EUR,card_payment,completed,2026-01-01 10:00:00.000,2026-01-01 10:00:00.250,"a, ""b""",250
    9,1,2026-01-01 11:00:00,1,EUR,transfer,pending,,,,
    11,99,2026-01-01 11:00:00,1,EUR,transfer,pending,,,,
    12,1,2026-01-01 11:00:00,1,EUR,barter,pending,,,,
    13,1,2026-01-01 11:00:00,1,EUR,transfer,approved,,,,
    14,1,2026-01-01 11:00:00,-1,EUR,transfer,pending,,,,
    15,1,2026-01-01 11:00:00,1,EUR,transfer,pending,2026-01-01 10:00:01,2026-01-01 10:00:00,,

    """#

  private func addAccount(_ connection: Connection) async throws {
    try await connection.execute(
      "INSERT INTO customers (customer_id, name, country, account_open_date)"
        + " VALUES (1, 'Test', 'DE', '2020-01-01')")
    try await connection.execute(
      "INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)"
        + " VALUES (1, 1, 'personal', 'EUR', '2020-01-01')")
  }

  @Test("exports of payops keep their ids, and rows that break a rule are refused one by one")
  func ownExport() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      try await addAccount(connection)
      let summary = try await Fixtures.run(connection, own, mapping: "payops")
      #expect(summary.counts == ImportCounts(read: 7, loaded: 2, quarantined: 5))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', line_number, column_name, reason) FROM import_quarantine"
            + " ORDER BY line_number")
          == [
            "4|account_id|the account is not known",
            "5|transaction_type|the type is not one of atm_withdrawal, card_payment, cash_deposit,"
              + " deposit, direct_debit, instant_transfer, refund, transfer, upi_merchant, upi_p2p,"
              + " wire",
            "6|status|the status is not one of authorized, cancelled, charged_back, completed,"
              + " created, denied, failed, pending, refunded, reversed",
            "7|transaction_amount|the amount is negative",
            "8|responded_at|the answer is before the request",
          ])
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', transaction_id, transaction_amount, status, duration_ms, title)"
            + " FROM transactions ORDER BY transaction_id")
          == ["7|12.5000|completed|250|a, \"b\"", "9|1.0000|pending"])
      let contents = try await Fixtures.contents(connection)
      let again = try await Fixtures.run(connection, own, mapping: "payops")
      #expect(again.counts == ImportCounts(read: 7, duplicate: 2, quarantined: 5))
      #expect(try await Fixtures.contents(connection) == contents)
      let moved = own.replacingOccurrences(
        of: "transfer,pending,,,,\n11", with: "transfer,completed,,,,\n11")
      let update = try await Fixtures.run(connection, moved, mapping: "payops")
      #expect(update.counts == ImportCounts(read: 7, updated: 1, duplicate: 1, quarantined: 5))
    }
  }

  @Test("records that only the database refuses are quarantined, and the rest is loaded")
  func bisection() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      try await addAccount(connection)
      try await connection.execute(
        "ALTER TABLE transactions ADD CONSTRAINT ck_test CHECK (transaction_amount <> 13)")
      let text =
        "transaction_id,account_id,transaction_time,transaction_amount,currency,transaction_type,status\n"
        + (1...50).map { "\($0),1,2026-01-01 10:00:00,\($0 % 20),EUR,transfer,completed\n" }
        .joined()
      let summary = try await Fixtures.run(connection, text, mapping: "payops")
      #expect(summary.counts == ImportCounts(read: 50, loaded: 48, quarantined: 2))
      #expect(
        try await Fixtures.texts(
          connection, "SELECT CONCAT_WS('|', line_number, reason) FROM import_quarantine")
          == [14, 34].map { "\($0)|the database refuses the record: error 4025" })
    }
  }

  @Test("placeholder times and amounts beyond the range of rollups are refused with their column")
  func bounds() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      try await addAccount(connection)
      let records = [
        "1,1,9999-12-31 00:00:00,1,EUR", "2,1,1970-01-01 00:00:00,1,EUR",
        "3,1,2026-01-01 10:00:00,999999999999999,EUR", "4,1,2026-01-01 10:00:00,5,EUR",
        "5,1,2099-12-31 23:59:59,99999999999999,EUR", "6,1,2100-01-01 00:00:00,1,EUR",
      ]
      let header = "transaction_id,account_id,transaction_time,transaction_amount,currency"
      let text =
        ([header + ",transaction_type,status"] + records.map { $0 + ",transfer,completed" })
        .joined(separator: "\n") + "\n"
      let summary = try await Fixtures.run(connection, text, mapping: "payops")
      #expect(summary.counts == ImportCounts(read: 6, loaded: 2, quarantined: 4))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', line_number, column_name, reason) FROM import_quarantine"
            + " ORDER BY line_number")
          == [
            "2|transaction_time|the time is not from 1990 to 2099",
            "3|transaction_time|the time is not from 1990 to 2099",
            "4|transaction_amount|the amount in the base currency is not below 10^14",
            "7|transaction_time|the time is not from 1990 to 2099",
          ])
    }
  }

  @Test("a NULL in the file does not overwrite a value, and a batch is all or nothing")
  func atomicity() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      try await addAccount(connection)
      _ = try await Fixtures.run(connection, own, mapping: "payops")
      let untitled = own.replacingOccurrences(of: "\"a, \"\"b\"\"\"", with: "")
      let summary = try await Fixtures.run(connection, untitled, mapping: "payops")
      #expect(summary.counts == ImportCounts(read: 7, duplicate: 2, quarantined: 5))
      try await connection.execute("DROP TABLE import_quarantine")
      let before = try await Fixtures.contents(connection)
      await #expect(throws: DatabaseError.self) {
        try await Fixtures.run(
          connection, own.replacingOccurrences(of: "12.50", with: "13"), mapping: "payops")
      }
      #expect(try await Fixtures.contents(connection) == before)
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', state, read_count) FROM import_runs"
            + " ORDER BY import_id DESC LIMIT 1") == ["failed|0"])
    }
  }

  @Test("a card number in a text is refused and not stored; long references are accepted")
  func cardNumbers() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      try await connection.execute(
        "INSERT INTO customers (customer_id, name, country, account_open_date)"
          + " VALUES (1, 'One', 'DE', '2020-01-01')")
      try await connection.execute(
        "INSERT INTO accounts (account_id, customer_id, account_type, currency, opened_at)"
          + " VALUES (1, 1, 'personal', 'EUR', '2020-01-01')")
      let head =
        "transaction_id,account_id,transaction_time,transaction_amount,currency,"
        + "transaction_type,status,counterparty_iban,order_reference,idempotency_key,title\n"
      func line(_ id: Int, _ rest: String, amount: String = "5") -> String {
        "\(id),1,2026-01-01 00:00:00,\(amount),EUR,transfer,completed,\(rest)\n"
      }
      let text =
        head + line(1, ",,,paid with 4111-1111-1111-1111")
        + line(2, ",,,see DE89 3704 0044 0532 0130 00")
        + line(3, "NO9386011117947,4111111111111111,378282246310005,no 41111111111111114111")
        + line(4, ",,,paid with 4222222222222", amount: "five")
        + line(5, ",4111111111111111,,rent", amount: "-1")
      let summary = try await Fixtures.run(connection, text, mapping: "payops")
      #expect(summary.counts == ImportCounts(read: 5, loaded: 2, quarantined: 3))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', line_number, column_name, reason) FROM import_quarantine"
            + " WHERE line_number = 2")
          == ["2|title|the text holds the number of a payment card"])
      let kept = try await Fixtures.texts(
        connection, "SELECT raw_line FROM import_quarantine ORDER BY line_number")
      #expect(kept.map { $0?.contains("***") } == [true, true, true])
      let contents = try await Fixtures.contents(connection)
      for number in ["4111-1111-1111-1111", "4222222222222"] {
        #expect(!"\(contents)".contains(number), "\(number)")
      }
      #expect(
        try await Fixtures.texts(
          connection, "SELECT CONCAT_WS('|', order_reference, title) FROM transactions")
          == ["see DE89 3704 0044 0532 0130 00", "4111111111111111|no 41111111111111114111"])
    }
  }
}
