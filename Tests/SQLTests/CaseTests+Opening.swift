import MariaDBClient
import TestSupport
import Testing

extension CaseTests {
  @Test("one hit of a rule with opens_case opens a case, whatever the score")
  func typology() async throws {
    try await withHits { _, connection in
      try await connection.execute(
        "UPDATE settings SET setting_value = '0' WHERE setting_name = 'case_minimum_score'")
      #expect(try await open(connection) == [0, 0])
      try await connection.execute("UPDATE rules SET opens_case = 1 WHERE rule_id = 'A09'")
      // The hits of the other rules of the customer join it.
      #expect(try await open(connection) == [1, 2])
      #expect(try await cases(connection) == ["1 1 open - - 2 0"])
      _ = try await connection.query("CALL decide_case(1, 'false_positive', 'known')")
      #expect(try await open(connection) == [0, 0])
    }
  }

  @Test("a rule that hits too many customers raises an alert and opens no case")
  func unspecific() async throws {
    try await withHits { fixture, connection in
      try await connection.execute(
        "UPDATE settings SET setting_value = '0' WHERE setting_name = 'case_minimum_score'")
      try await connection.execute("UPDATE rules SET opens_case = 1 WHERE rule_id = 'A01'")
      try await fixture.add(
        (3...11).map { .init(account: $0, at: Self.day, amount: 20_000, type: "cash_deposit") })
      try await score(fixture, connection)
      let alerts = { (connection: Connection) async throws in
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', alert_subject, alert_state, alert_message) FROM alerts"
            + " WHERE alert_rule = 'rule_unspecific'", on: connection)
      }
      // Eleven of sixty are more than ten, and more than 15 percent, not than 20.
      try await connection.execute(
        "UPDATE settings SET setting_value = '0.15' WHERE setting_name = 'case_rule_customer_share'"
      )
      #expect(try await open(connection) == [0, 0])
      #expect(
        try await alerts(connection) == [
          "A01 firing rule A01 hit 11 of 60 customers within 30 days and opens no case:"
            + " its threshold is too low here"
        ])
      try await connection.execute(
        "UPDATE settings SET setting_value = '0.2' WHERE setting_name = 'case_rule_customer_share'")
      #expect(try await open(connection)[0] == 11)
      #expect(try await alerts(connection).first?.hasPrefix("A01 resolved") == true)
      // Ten customers are never too many.
      try await connection.execute(
        "UPDATE settings SET setting_value = '0' WHERE setting_name = 'case_rule_customer_share'")
      #expect(try await open(connection, at: "2026-04-18 10:00:01") == [0, 0])
      #expect(try await alerts(connection).first?.hasPrefix("A01 resolved") == true)
    }
  }

  @Test("a case is opened by hand with the hits of the customer, once, with who and why")
  func byHand() async throws {
    try await withHits { _, connection in
      _ = try await connection.query("CALL open_case(2, 'letter of the police', @payops_case)")
      #expect(try await cases(connection) == ["1 2 open - - 1 0"])
      _ = try await connection.query("CALL open_case(3, 'no hit yet', @payops_case)")
      #expect(
        try await LedgerFixture.texts("SELECT @payops_case", on: connection) == ["2"])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', case_id, change_kind, change_text, changed_by = USER())"
            + " FROM risk_case_history ORDER BY change_id", on: connection) == [
            "1 opened by hand: letter of the police 1", "2 opened by hand: no hit yet 1",
          ])
      for (call, number) in [
        ("open_case(2, 'again', @c)", 30510), ("open_case(999, 'who', @c)", 30502),
        ("open_case(4, ' ', @c)", 30002), ("open_case(NULL, 'who', @c)", 30502),
        ("open_case(4, 'paid with 4111 1111 1111 1111', @c)", 30701),
      ] {
        #expect(await errno("CALL \(call)", on: connection) == UInt32(number), "\(call)")
      }
      try await connection.execute("START TRANSACTION")
      #expect(await errno("CALL open_case(5, 'x', @c)", on: connection) == 30001)
      try await connection.execute("ROLLBACK")
      #expect(try await cases(connection).count == 2)
      // The rules find it open, and open none beside it.
      #expect(try await open(connection) == [1, 2])
    }
  }

  @Test("a flagged payment counts by its level and opens a case; a removed flag counts no longer")
  func flags() async throws {
    try await withHits { fixture, connection in
      try await connection.execute(
        "UPDATE rules SET is_enabled = rule_id = 'M01'")
      let score3 = { (connection: Connection) async throws in
        try await LedgerFixture.texts(
          "SELECT risk_score FROM customers WHERE customer_id = 3", on: connection)[0]
      }
      try await fixture.add([.init(account: 3, at: "2026-01-05 10:00:00", amount: 7)])
      try await score(fixture, connection)
      #expect(try await score3(connection) == "0.00")
      _ = try await connection.query("CALL flag_payment(4, 'Medium', 'the customer knows nothing')")
      try await connection.execute("UPDATE payment_flags SET flagged_at = '2026-03-20 11:00:00'")
      try await score(fixture, connection)
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', rule_id, subject, points, evidence) FROM risk_hits"
            + " WHERE rule_id = 'M01'", on: connection)
          == ["M01 payment:4 25.00 flagged by hand, level Medium"])
      #expect(try await score3(connection).hasPrefix("24."))
      _ = try await open(connection)
      #expect(
        try await LedgerFixture.texts(
          "SELECT hit_count FROM risk_case_list WHERE customer_id = 3", on: connection) == ["1"])
      #expect(await errno("CALL flag_payment(4, 'High', 'again')", on: connection) == 30508)
      _ = try await connection.query("CALL unflag_payment(4, 'remembers it')")
      #expect(await errno("CALL unflag_payment(4, 'again')", on: connection) == 30509)
      _ = try await connection.query("CALL apply_risk_scores('\(RuleFixture.now)')")
      #expect(try await score3(connection) == "0.00")
      #expect(
        try await LedgerFixture.texts("SELECT * FROM integrity_risk_scores", on: connection) == [])
      #expect(
        try await LedgerFixture.texts(
          "SELECT CONCAT_WS(' ', transaction_id, customer_id, flag_level, flagged_by = USER(),"
            + " removed_by = USER(), reason, removal_reason) FROM risk_payment_flags",
          on: connection) == ["4 3 Medium 1 1 the customer knows nothing remembers it"])
      // A flag that is removed before it was evaluated never counts.
      _ = try await connection.query("CALL flag_payment(4, 'High', 'once more')")
      _ = try await connection.query("CALL unflag_payment(4, 'a mistake')")
      try await score(fixture, connection)
      #expect(try await score3(connection) == "0.00")
      for (call, number) in [
        ("flag_payment(99, 'High', 'x')", 30403), ("flag_payment(4, 'Grave', 'x')", 30002),
        ("flag_payment(4, NULL, 'x')", 30002), ("flag_payment(4, 'Low', '')", 30002),
        ("flag_payment(4, 'Low', 'paid with 4111 1111 1111 1111')", 30701),
        ("unflag_payment(4, ' ')", 30002),
      ] {
        #expect(await errno("CALL \(call)", on: connection) == UInt32(number), "\(call)")
      }
    }
  }
}
