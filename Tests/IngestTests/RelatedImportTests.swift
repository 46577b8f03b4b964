import Foundation
import MariaDBClient
import Testing

@testable import Ingest

@Suite("Import of customers, settlements and logins", .timeLimit(.minutes(5)))
struct RelatedImportTests {
  private let mapping = """
    {"version": 1, "name": "bank", "files": [
      {"target": "customers", "naturalKey": ["customer_no"], "timeZone": "Europe/Berlin",
       "columns": [
         {"from": "full_name", "to": "name"},
         {"from": "born", "to": "birth_date", "formats": ["dd.MM.yy"], "twoDigitYearsFrom": 1930},
         {"from": "country", "to": "country"},
         {"from": "risk", "to": "risk_category", "values": {"A": "low", "B": "medium", "C": "high"}},
         {"from": "since", "to": "account_open_date"}
       ]},
      {"target": "transactions", "naturalKey": ["payment_no"],
       "newAccounts": {"currency": "EUR", "country": "DE"},
       "columns": [
         {"from": "payment_no", "to": "title"},
         {"from": "account", "to": "account_reference"},
         {"from": "at", "to": "transaction_time"},
         {"from": "amount", "to": "transaction_amount", "strip": ["€", "EUR"], "round": 2}
       ],
       "constants": {"currency": "EUR", "transaction_type": "transfer", "status": "completed"}},
      {"target": "settlements", "naturalKey": ["settlement_no"],
       "columns": [
         {"from": "payment", "to": "transaction_reference"},
         {"from": "state", "to": "settlement_status",
          "values": {"open": "pending", "done": "settled", "odd": "odd"}},
         {"from": "value", "to": "settlement_amount"},
         {"from": "accepted", "to": "accepted_at"},
         {"from": "settled", "to": "settlement_date"},
         {"from": "rail", "to": "rail"}
       ],
       "constants": {"currency": "EUR"}},
      {"target": "login_activity", "naturalKey": ["login_no"],
       "columns": [
         {"from": "login_no", "to": "device"},
         {"from": "who", "to": "customer_reference"},
         {"from": "login_at", "to": "login_time"},
         {"from": "outcome", "to": "login_status", "values": {"ok": "success", "nok": "failed", "x": "x"}},
         {"from": "address", "to": "ip_address"}
       ]}
    ]}
    """

  private func run(
    _ connection: Connection, _ text: String, batchRecords: Int = 3
  ) async throws -> ImportCounts {
    try await Importer(connection: connection, batchRecords: batchRecords).run(
      source: .bytes(Array(text.utf8)), fileName: "fixture.csv",
      mapping: try Mapping(json: Array(mapping.utf8), label: "test")
    ).counts
  }

  private func quarantine(_ connection: Connection) async throws -> [String?] {
    try await Fixtures.texts(
      connection,
      "SELECT CONCAT_WS('|', line_number, column_name, reason) FROM import_quarantine"
        + " WHERE import_id = (SELECT MAX(import_id) FROM import_runs) ORDER BY line_number")
  }

  private let customers = """
    customer_no,full_name,born,country,risk,since
    c1,Anna Alt,01.02.31,DE,A,2020-01-05
    c2,Bert Neu,01.02.05,AT,B,2021-06-30
    c3,Carl Nix,31.02.80,DE,A,2020-01-05
    c4,Dora Nix,01.02.1980,DE,A,2020-01-05
    c5,Egon Nix,01.02.80,Germany,A,2020-01-05
    c6,Fred Nix,01.02.80,de,A,2020-01-05
    c7,Gerd Nix,01.02.80,DE,Z,2020-01-05
    c8,Hans Nix,01.02.80,DE,A,05-01-20
    c1,Anna Alt,01.02.31,DE,A,2020-01-05
    c2,Bert Neu,01.02.05,CH,B,2021-06-30
    ,Inge Nix,01.02.80,DE,A,2020-01-05

    """

  @Test("customers are loaded, mapped, refused with reasons, and updated")
  func importsCustomers() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      for batch in [1, 50] {
        try await connection.execute("DELETE FROM external_references")
        let counts = try await run(connection, customers, batchRecords: batch)
        #expect(counts == ImportCounts(read: 11, loaded: 2, duplicate: 1, quarantined: 8))
        let refused = try await quarantine(connection)
        #expect(
          refused == [
            "4|born|this is not a time in a form that the mapping names",
            "5|born|this is not a time in a form that the mapping names",
            "6|country|the text is longer than 2 characters",
            "7|country|the country is not two capital letters (ISO 3166)",
            "8|risk|the value is not one of A, B, C",
            "9|since|the year has two digits; a format with yy and twoDigitYearsFrom reads it",
            "11|contradicts an earlier record of this file with the same key",
            "12|customer_no|the natural key has no value",
          ])
      }
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', r.external_id, c.name, c.birth_date, c.country, c.risk_category,"
            + " c.kyc_status, c.account_open_date) FROM customers AS c INNER JOIN"
            + " external_references AS r ON r.internal_id = c.customer_id AND r.entity = 'customer'"
            + " ORDER BY c.customer_id") == [
            "c1|Anna Alt|1931-02-01|DE|low|pending|2020-01-05",
            "c2|Bert Neu|2005-02-01|AT|medium|pending|2021-06-30",
          ])
      let contents = try await Fixtures.contents(connection)
      #expect(
        try await run(connection, customers)
          == ImportCounts(read: 11, duplicate: 3, quarantined: 8))
      #expect(try await Fixtures.contents(connection) == contents)
      let moved = try await run(
        connection, "customer_no,full_name,born,country,risk,since\nc1,Anna Neu,,FR,,2020-01-05\n")
      #expect(moved == ImportCounts(read: 1, updated: 1))
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', name, birth_date, country, risk_category) FROM customers"
            + " WHERE name = 'Anna Neu'") == ["Anna Neu|1931-02-01|FR|low"])
      // Erased data do not come back.
      let id = try await Fixtures.number(
        connection, "SELECT customer_id FROM customers WHERE name = 'Anna Neu'")
      _ = try await connection.query("CALL erase_customer(?)", [.integer(id ?? 0)])
      let again = try await run(
        connection, "customer_no,full_name,born,country,risk,since\nc1,Anna Neu,,FR,,2020-01-05\n")
      #expect(again == ImportCounts(read: 1, quarantined: 1))
      #expect(
        try await quarantine(connection) == ["2|the personal data of the customer were erased"])
    }
  }

  @Test("accounts of an erased customer are not created again, neither by accounts nor by payments")
  func erasedAccounts() async throws {
    try await Deployed.withSchema { (connection: Connection) async throws in
      #expect(
        try await run(connection, payments) == ImportCounts(read: 4, loaded: 3, quarantined: 1))
      let customer = try await Fixtures.number(
        connection,
        "SELECT a.customer_id FROM accounts AS a INNER JOIN external_references AS r"
          + " ON r.internal_id = a.account_id AND r.entity = 'account' AND r.external_id = 'a2'")
      _ = try await connection.query("CALL erase_customer(?)", [.integer(customer ?? 0)])
      let accounts = "SELECT COUNT(*) FROM accounts"
      let before = try await Fixtures.number(connection, accounts)
      let counts = try await run(
        connection,
        "payment_no,account,at,amount\np8,a1,2026-01-06 10:00:00,1\np9,a2,2026-01-06 10:00:00,1\n")
      #expect(counts == ImportCounts(read: 2, loaded: 1, quarantined: 1))
      #expect(try await quarantine(connection) == ["3|account|the account is not known"])
      #expect(try await Fixtures.number(connection, accounts) == before)
      // A key of one source means nothing for another.
      let other = try await Importer(connection: connection).run(
        source: .bytes(Array("payment_no,account,at,amount\nq1,a2,2026-01-06 10:00:00,1\n".utf8)),
        fileName: "fixture.csv", mapping: try Mapping(json: Array(mapping.utf8), label: "test"),
        sourceName: "other"
      ).counts
      #expect(other == ImportCounts(read: 1, loaded: 1))
    }
  }

  private let payments = """
    payment_no,account,at,amount
    p1,a1,2026-01-05 10:00:00,253.70000000000002
    p2,a1,2026-01-05 11:00:00,€ 12.345
    p3,a2,2026-01-05 12:00:00,EUR0.995
    p4,a2,2026-01-05 12:00:00,-€5

    """

  @Test("settlements of unknown payments go to the quarantine, and due times come from the rail")
  func importsSettlements() async throws {
    let settlements = """
      settlement_no,payment,state,value,accepted,settled,rail
      s1,p1,done,253.70,2026-01-05 10:00:01,2026-01-06 09:00:00,SEPA_CT
      s2,p2,open,12.35,2026-01-05 11:00:01,,SEPA_CT
      s3,p9,open,12.35,2026-01-05 11:00:01,,SEPA_CT
      s4,,open,12.35,2026-01-05 11:00:01,,SEPA_CT
      s5,p2,odd,12.35,2026-01-05 11:00:01,,SEPA_CT
      s6,p2,done,12.35,2026-01-05 11:00:01,,SEPA_CT
      s7,p2,done,12.35,2026-01-05 11:00:01,2026-01-05 11:00:00,SEPA_CT
      s8,p2,open,12.35,2026-01-05 11:00:01,,PIGEON
      s9,p2,open,-1,2026-01-05 11:00:01,,SEPA_CT
      s2,p2,open,12.35,2026-01-05 11:00:01,,SEPA_CT
      s1,p1,open,253.70,2026-01-05 10:00:01,,SEPA_CT

      """
    try await Deployed.withSchema { (connection: Connection) async throws in
      #expect(
        try await run(connection, payments)
          == ImportCounts(read: 4, loaded: 3, quarantined: 1))
      #expect(try await quarantine(connection) == ["5|amount|the amount is negative"])
      #expect(
        try await Fixtures.texts(
          connection, "SELECT transaction_amount FROM transactions ORDER BY transaction_id")
          == ["253.7000", "12.3500", "1.0000"])
      let counts = try await run(connection, settlements)
      #expect(counts == ImportCounts(read: 11, loaded: 2, duplicate: 1, quarantined: 8))
      let found = try await quarantine(connection)
      #expect(
        found.filter { $0?.hasPrefix("9|") != true } == [
          "4|payment|the payment is not known", "5|payment|there is no value",
          "6|state|the status is not one of pending, settled, failed",
          "7|settled|the settlement has ended and has no date",
          "8|settled|the settlement is before its acceptance",
          "10|value|the amount is negative",
          "12|contradicts an earlier record of this file with the same key",
        ])
      #expect(
        found.contains { $0?.hasPrefix("9|rail|the rail is not one of ACH, CARD, ") == true })
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', s.settlement_id = r.internal_id, s.settlement_status,"
            + " s.settlement_amount, s.due_at IS NOT NULL, s.base_amount = s.settlement_amount)"
            + " FROM settlements AS s INNER JOIN external_references AS r ON r.external_id"
            + " = IF(s.settlement_status = 'pending', 's2', 's1') AND r.entity = 'settlement'"
            + " ORDER BY s.settlement_id")
          == ["1|settled|253.7000|1|1", "1|pending|12.3500|1|1"])
      #expect(
        try await run(connection, settlements, batchRecords: 50)
          == ImportCounts(read: 11, duplicate: 3, quarantined: 8))
      let done = try await run(
        connection,
        "settlement_no,payment,state,value,accepted,settled,rail\n"
          + "s2,p2,done,12.35,2026-01-05 11:00:01,2026-01-06 10:00:00,SEPA_CT\n")
      #expect(done == ImportCounts(read: 1, updated: 1))
      _ = try await connection.query("CALL refresh_rollups(1000)")
      #expect(
        try await connection.query("CALL reconcile_rollups('2026-01-01', '2026-01-31')").rows
          .isEmpty)
    }
  }

  @Test("logins of unknown customers go to the quarantine")
  func importsLogins() async throws {
    let logins = """
      login_no,who,login_at,outcome,address
      l1,c1,2026-01-05 10:00:00,ok,192.0.2.1
      l2,c1,2026-01-05 10:01:00,nok,
      l3,c9,2026-01-05 10:01:00,nok,
      l4,c1,2026-01-05 10:01:00,x,
      l5,c1,2026-01-05 10:01:00,maybe,
      l1,c1,2026-01-05 10:00:00,ok,192.0.2.1

      """
    try await Deployed.withSchema { (connection: Connection) async throws in
      _ = try await run(connection, customers)
      let counts = try await run(connection, logins)
      #expect(counts == ImportCounts(read: 6, loaded: 2, duplicate: 1, quarantined: 3))
      #expect(
        try await quarantine(connection) == [
          "4|who|the customer is not known", "5|outcome|the status is not one of success, failed",
          "6|outcome|the value is not one of nok, ok, x",
        ])
      #expect(
        try await Fixtures.texts(
          connection,
          "SELECT CONCAT_WS('|', c.name, l.login_time, l.login_status, l.ip_address, l.device)"
            + " FROM login_activity AS l INNER JOIN customers AS c"
            + " ON c.customer_id = l.customer_id ORDER BY l.login_id") == [
            "Anna Alt|2026-01-05 10:00:00|success|192.0.2.1|l1",
            "Anna Alt|2026-01-05 10:01:00|failed|l2",
          ])
      #expect(
        try await run(connection, logins)
          == ImportCounts(read: 6, duplicate: 3, quarantined: 3))
    }
  }

  @Test("mistakes in a mapping are reported before the import")
  func mistakes() throws {
    func error(_ column: String, target: String = "transactions") -> ImportError? {
      let json = """
        {"version": 1, "name": "m", "files": [{"target": "\(target)", "naturalKey": ["k"],
         "columns": [\(column), {"from": "a", "to": "account_reference"},
         {"from": "v", "to": "transaction_amount"}],
         "constants": {"currency": "EUR", "transaction_type": "transfer", "status": "completed"}}]}
        """
      do throws(ImportError) {
        let mapping = try Mapping(json: Array(json.utf8), label: "m")
        _ = try RecordEncoder(file: mapping.files[0], header: ["k", "t", "a", "v"])
        return nil
      } catch {
        return error
      }
    }
    let time = #"{"from": "t", "to": "transaction_time", "formats": ["dd.MM.yy"]"#
    #expect(error(time + "}")?.message.contains("twoDigitYearsFrom") == true)
    #expect(error(time + #", "twoDigitYearsFrom": 1970}"#) == nil)
    #expect(error(time + #", "twoDigitYearsFrom": 70}"#)?.code == .badMapping)
    #expect(
      error(#"{"from": "t", "to": "transaction_time", "round": 2}"#)?.message.contains("round")
        == true)
  }

  @Test("long keys are stored by SHA-256, and digests of earlier versions are replaced")
  func longKeys() async throws {
    let long = String(repeating: "k", count: 60)
    let text = payments.replacing("p1", with: long)
    try await Deployed.withSchema { (connection: Connection) async throws in
      _ = try await run(connection, text)
      let names =
        "SELECT external_id FROM external_references WHERE entity = 'transaction'"
        + " AND external_id LIKE '~%'"
      // SHA-256 of sixty k, computed by another program.
      #expect(
        try await Fixtures.texts(connection, names)
          == ["~WQglbVH1hteA14597o4J/xprFCZbyq8DCWsRv9C5FMA"])
      try await connection.execute(
        "UPDATE external_references SET external_id = ? WHERE external_id LIKE '~%'",
        [.text(KeyDigest.former(Array(long.utf8)))])
      let again = try await run(connection, text)
      #expect(again == ImportCounts(read: 4, duplicate: 3, quarantined: 1))
      #expect(
        try await Fixtures.texts(connection, names)
          == ["~WQglbVH1hteA14597o4J/xprFCZbyq8DCWsRv9C5FMA"])
    }
  }
}
