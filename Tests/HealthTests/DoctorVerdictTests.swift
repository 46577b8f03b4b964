import MariaDBClient
import Tabular
import Testing

@testable import Health
@testable import Schema

@Suite("Verdicts of the doctor")
struct DoctorVerdictTests {
  @Test(
    "the doctor checks the server's version",
    arguments: [
      ("10.11.19-MariaDB", .ok), ("10.6.4-MariaDB", .warning), ("11.4.2-MariaDB", .warning),
      ("11.8.9-MariaDB-0+deb13u1 from Debian", .ok), ("12.1.2-MariaDB", .warning),
      ("10.5.9-MariaDB", .failure), ("8.4.0", .warning), ("9.7.4-2", .warning),
      ("8.0.30", .failure),
    ] as [(String, Verdict)])
  func version(text: String, verdict: Verdict) {
    #expect(Check.version(ServerVersion(text)).verdict == verdict)
  }

  @Test("for an untested release the doctor names the tested ones")
  func testedReleases() {
    #expect(
      Check.version(ServerVersion("11.4.2-MariaDB")).sentence
        == "MariaDB 11.4.2-MariaDB is not tested; 10.11 and 11.8 are")
  }

  @Test("the doctor says how far MySQL is tested")
  func mysql() {
    func sentence(_ version: String) -> String { Check.version(ServerVersion(version)).sentence }
    #expect(sentence("9.7.4-2") == "MySQL 9.7.4-2 is tested by part of the tests only")
    #expect(sentence("8.4.0") == "MySQL 8.4.0 was not tried; 9.7 was, by part of the tests")
    #expect(sentence("5.7.44") == "MySQL 5.7.44 is too old")
  }

  @Test("the doctor asks MySQL for the performance schema, and for keys of temporary tables")
  func parametersOfMySQL() {
    let mySQL = ServerVersion("9.7.4")
    func sees(_ value: String, _ version: ServerVersion) -> Verdict? {
      Check.transactionsAreVisible(
        ServerVariables(values: ["performance_schema": value]), on: version)?.verdict
    }
    #expect(sees("OFF", mySQL) == .failure)
    #expect(sees("ON", mySQL) == nil)
    #expect(sees("OFF", ServerVersion("11.8.9-MariaDB")) == nil)
    func keys(_ required: String, _ generated: String) -> Verdict? {
      Check.temporaryKeys(
        ServerVariables(values: [
          "sql_require_primary_key": required, "sql_generate_invisible_primary_key": generated,
        ]))?.verdict
    }
    #expect(keys("ON", "OFF") == .failure)
    #expect(keys("ON", "ON") == nil)
    #expect(keys("OFF", "OFF") == nil)
  }

  @Test("the doctor accepts either strict SQL mode")
  func sqlMode() {
    #expect(Check.sqlMode("NO_ZERO_DATE,STRICT_ALL_TABLES").verdict == .ok)
    #expect(Check.sqlMode("strict_trans_tables").verdict == .ok)
    #expect(Check.sqlMode("").verdict == .failure)
    #expect(Check.sqlMode("NOT_STRICT_TRANS_TABLES").verdict == .failure)
  }

  @Test("the doctor distinguishes the character set of the session from that of the schema")
  func characterSet() {
    func judge(_ session: String, _ schema: String?) -> Verdict {
      Check.characterSet(session: session, schema: schema, server: "latin1", database: "p").verdict
    }
    #expect(judge("utf8mb4", "utf8mb4") == .ok)
    #expect(judge("utf8mb4", nil) == .ok)
    #expect(judge("latin1", "utf8mb4") == .failure)
    #expect(judge("utf8mb4", "utf8mb3") == .failure)
  }

  @Test("the doctor resolves the time zone SYSTEM")
  func timeZone() {
    func judge(_ offset: Int, _ server: String, _ system: String) -> Verdict {
      Check.timeZone(sessionOffsetSeconds: offset, server: server, system: system).verdict
    }
    #expect(judge(0, "+00:00", "CET") == .ok)
    #expect(judge(0, "SYSTEM", "UTC") == .ok)
    #expect(judge(0, "SYSTEM", "CET") == .warning)
    #expect(judge(3600, "+00:00", "UTC") == .failure)
  }

  @Test(
    "on durability",
    arguments: [(1, .ok), (3, .ok), (2, .warning), (0, .failure), (nil, .unknown)]
      as [(Int?, Verdict)])
  func durability(value: Int?, verdict: Verdict) {
    #expect(Check.durability(flushLogAtCommit: value).verdict == verdict)
  }

  @Test(
    "the doctor checks the clock of sessions",
    arguments: [
      ("NO", .warning), ("SUPER", .ok), ("YES", .ok), ("replication", .ok), (nil, .unknown),
    ]
      as [(String?, Verdict)])
  func sessionClock(value: String?, verdict: Verdict) {
    let version = ServerVersion("11.8.9-MariaDB")
    #expect(Check.sessionClock(value, of: version).verdict == verdict)
    #expect(Check.sessionClock(value, of: ServerVersion("9.7.4")).verdict == .warning)
  }

  @Test("the doctor refuses binlog format STATEMENT, which READ COMMITTED cannot use")
  func binaryLog() {
    func judge(_ isOn: String, _ format: String) -> Verdict {
      Check.binaryLog(ServerVariables(values: ["log_bin": isOn, "binlog_format": format])).verdict
    }
    #expect(judge("OFF", "STATEMENT") == .ok)
    #expect(judge("ON", "ROW") == .ok)
    #expect(judge("ON", "MIXED") == .ok)
    #expect(judge("ON", "STATEMENT") == .failure)
  }

  @Test("the doctor requires SUPER for routines only with a binary log")
  func routineCreation() {
    func judge(_ log: String, _ trust: String, _ isSuper: Bool) -> Verdict {
      let values = ["log_bin": log, "log_bin_trust_function_creators": trust]
      return Check.routineCreation(ServerVariables(values: values), isSuper: isSuper).verdict
    }
    #expect(judge("OFF", "OFF", false) == .ok)
    #expect(judge("ON", "ON", false) == .ok)
    #expect(judge("ON", "OFF", true) == .ok)
    #expect(judge("ON", "OFF", false) == .failure)
  }

  @Test("a stopped event scheduler is a failure only when events need it")
  func eventScheduler() {
    #expect(Check.eventScheduler("ON", events: 3).verdict == .ok)
    #expect(Check.eventScheduler("OFF", events: 0).verdict == .warning)
    #expect(Check.eventScheduler("DISABLED", events: 1).verdict == .failure)
  }

  @Test("the doctor checks sizes of server variables")
  func sizes() {
    let mib = 1 << 20
    #expect(Check.bufferPool(poolBytes: 128 * mib, dataBytes: 512 * mib).verdict == .ok)
    #expect(Check.bufferPool(poolBytes: 128 * mib, dataBytes: 516 * mib).verdict == .warning)
    #expect(Check.temporaryTables(tableBytes: 64 * mib, heapBytes: 64 * mib).verdict == .ok)
    #expect(Check.temporaryTables(tableBytes: 64 * mib, heapBytes: 16 * mib).verdict == .warning)
    #expect(Check.temporaryTables(tableBytes: 16 * mib, heapBytes: 64 * mib).verdict == .warning)
    #expect(Check.packetSize(16 * mib).verdict == .ok)
    #expect(Check.packetSize(16 * mib - 1024).verdict == .failure)
    #expect(Check.size(1536 * mib) == "1.5 GiB")
    #expect(Check.size(64 * mib) == "64 MiB")
    #expect(Check.size(0) == "0 B")
  }

  @Test("the doctor checks disk space")
  func diskSpace() {
    func judge(_ free: Int, _ total: Int) -> Verdict {
      Check.diskSpace(freeBytes: free << 20, totalBytes: total << 20, directory: "/d").verdict
    }
    #expect(judge(50_000, 100_000) == .ok)
    #expect(judge(4_500, 100_000) == .warning)
    #expect(judge(4_000, 10_000) == .warning)
    #expect(judge(511, 1_000) == .failure)
  }

  @Test("the doctor requires encryption only beyond this machine")
  func encryption() {
    func judge(_ options: ConnectionOptions, _ cipher: String? = nil) -> Verdict {
      Check.encryption(options, cipher: cipher).verdict
    }
    #expect(judge(ConnectionOptions(socket: "/run/s")) == .ok)
    #expect(judge(ConnectionOptions(host: "127.0.0.1")) == .ok)
    #expect(judge(ConnectionOptions(host: "::1")) == .ok)
    #expect(judge(ConnectionOptions(host: "localhost", port: 3306)) == .ok)
    #expect(judge(ConnectionOptions(host: "db.example"), "TLS_AES_256_GCM_SHA384") == .ok)
    #expect(judge(ConnectionOptions(host: "db.example")) == .failure)
  }

  @Test("the doctor warns half a year before calendars end and fails at the end")
  func calendars() {
    func judge(_ days: Int?...) -> Verdict {
      Check.calendars(days.map { (subject: "calendar TARGET", days: $0) }).verdict
    }
    #expect(judge(180, 4000) == .ok)
    #expect(judge(179, 4000) == .warning)
    #expect(judge(6, 4000) == .failure)
    #expect(judge(-1) == .failure)
    #expect(judge(nil, 4000) == .failure)
    #expect(Check.calendars([]).verdict == .failure)
  }

  @Test("the doctor checks the age of the oldest change that is not in the rollups")
  func rollups() {
    func judge(_ waiting: Int, _ lag: Double) -> Verdict {
      Check.rollups(waiting: waiting, lagSeconds: lag, refreshedAt: nil).verdict
    }
    #expect(judge(0, 0) == .ok)
    #expect(judge(1_000_000, 299) == .ok)
    #expect(judge(1, 300) == .warning)
    #expect(judge(1, 86_400) == .failure)
    let quarantined = Check.rollups(waiting: 0, lagSeconds: 0, refreshedAt: nil, quarantined: 1)
    #expect(quarantined.verdict == .failure)
  }

  @Test("the doctor distinguishes hidden routines from missing ones")
  func drift() {
    let missing = Drift(kind: .missing, objectKind: "procedure", name: "refresh_rollups")
    #expect(Check.judge([missing]).verdict == .failure)
    let hidden = Drift(kind: .hidden, objectKind: "procedure", name: "refresh_rollups")
    #expect(Check.judge([hidden]).verdict == .unknown)
    #expect(Check.judge([hidden, missing]).verdict == .failure)
    let extra = Drift(kind: .extra, objectKind: "table", name: "notes")
    #expect(Check.judge([extra]).verdict == .warning)
    let changed = Drift(kind: .changed, objectKind: "view", name: "kpi_today")
    let finding = Check.judge([extra, changed])
    #expect(finding.verdict == .failure)
    #expect(finding.sentence == "view kpi_today changed, table notes extra")
    #expect(Check.judge([]).verdict == .ok)
  }

  @Test("for a missing schema the doctor says to deploy")
  func deployment() {
    for schema in [Examination.Schema.missing, .notDeployed] {
      let finding = Check.deployment(schema, database: "payops")
      #expect(finding.verdict == .failure)
      #expect(finding.remedy == "run `payops deploy`")
    }
    #expect(Check.deployment(.deployed, database: "payops").verdict == .ok)
  }
}

@Suite("Report of the doctor")
struct DoctorReportTests {
  private let results = [
    Check.Result(name: "sql mode", finding: .ok("strict")),
    Check.Result(
      name: "binary log",
      finding: .failure(
        "binlog_format STATEMENT refuses writes in READ COMMITTED, which loads use",
        "set binlog_format = ROW or MIXED")),
  ]

  @Test("the doctor's report is a table of at most 80 columns, then what to do")
  func text() {
    #expect(
      DoctorReport.text(results, width: nil, style: Style(isOn: false)) == """
        sql mode    ok       strict
        binary log  failure  binlog_format STATEMENT refuses writes in READ COMMITTED,
                             which loads use

        What to do
          binary log: set binlog_format = ROW or MIXED

        1 ok, 1 failure

        """)
  }

  @Test("the doctor's report in JSON has one object per check")
  func json() {
    #expect(
      DoctorReport.json(Array(results.prefix(1))).compact
        == #"[{"check":"sql mode","verdict":"ok","finding":"strict","what_to_do":null}]"#)
  }

  @Test("missing and superfluous grants are a failure or warning that names each")
  func grants() {
    let reader = Check.privileges(
      Grants(["GRANT SELECT ON `pay_ops`.* TO `a`@`%`"]), on: "pay_ops")
    #expect(reader.verdict == .failure)
    #expect(reader.sentence.contains("TRIGGER"))
    #expect(reader.remedy?.contains("ON `pay\\_ops`.*") == true)
    let worker = Check.privileges(
      Grants([
        "GRANT \(Check.workPrivileges.joined(separator: ", ")) ON `pay_ops`.* TO `a`@`%`"
      ]), on: "pay_ops")
    #expect(worker.verdict == .warning)
    #expect(worker.sentence.contains("CREATE ROUTINE"))
  }
}
