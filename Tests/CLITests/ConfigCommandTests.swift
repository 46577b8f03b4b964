import Foundation
import Testing

@Suite("Config verb", .timeLimit(.minutes(5)))
struct ConfigCommandTests {
  /// Runs `payops config` in a fresh directory that may hold an option file `my.cnf`.
  private func config(
    _ arguments: [String], file: String? = nil, home: String? = nil,
    environment: [String: String] = [:]
  ) async throws -> ProgramRun {
    let directory = FileManager.default.temporaryDirectory
      .appending(path: "payops-cli-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: directory) }
    for (name, text) in [("my.cnf", file), (".my.cnf", home)] {
      guard let text else { continue }
      let url = directory.appending(path: name)
      try Data(text.utf8).write(to: url)
      try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: url.path)
    }
    return try await ProgramRun.payops(
      ["config"] + arguments, environment: environment, directory: directory)
  }

  private func settings(_ run: ProgramRun) throws -> [String: [String: String?]] {
    struct Setting: Decodable {
      let setting: String
      let value: String
      let source: String?
    }
    let list = try JSONDecoder().decode([Setting].self, from: Data(run.output.utf8))
    return Dictionary(
      uniqueKeysWithValues: list.map { ($0.setting, ["value": $0.value, "source": $0.source]) })
  }

  @Test("without a named server the configuration is that of the embedded one")
  func embedded() async throws {
    let found = try settings(await config(["--json"]))
    #expect(found["target"]?["value"]??.hasPrefix("embedded server in ") == true)
    #expect(found["target"]?["value"]??.hasSuffix("/.payops") == true)
    #expect(found["database"]?["value"] == "payops")
    #expect(found["server"]?["value"] == "there is none in this directory")
  }

  @Test("a server in ~/.my.cnf counts, also below [client]; --data-dir counts more")
  func homeFile() async throws {
    let home = "[client]\nsocket=/run/x.sock\nuser=ann\n"
    let client = try settings(await config(["--json"], home: home))
    #expect(client["target"]?["value"] == "/run/x.sock")
    #expect(client["user"]?["value"] == "ann")
    #expect(client["server"]?["value"]??.contains("no such file or directory") == true)
    let named = try settings(await config(["--json", "--data-dir", "here"], home: home))
    #expect(named["target"]?["value"]??.hasPrefix("embedded server in ") == true)
    let variable = try settings(
      await config(
        ["--json", "--data-dir", "here"], home: home, environment: ["PAYOPS_HOST": "127.0.0.1"]))
    #expect(variable["target"]?["value"]??.hasSuffix("/here") == true)
    let both = try settings(
      await config(["--json", "--data-dir", "here", "--socket", "/run/y.sock"], home: home))
    #expect(both["target"]?["value"] == "/run/y.sock")
  }

  @Test("an unknown key below [payops] is an error that names the keys, below [client] it is not")
  func unknownKey() async throws {
    let run = try await config([], home: "[payops]\nhots=db\n")
    #expect(run.status == 78)
    #expect(run.errors.contains("[payops]: there is no key hots"), "\(run.errors)")
    #expect(run.errors.contains("hint: the keys are url, host, port"), "\(run.errors)")
    #expect(try await config([], home: "[client]\nhots=db\n").status == 0)
  }

  @Test(
    "an option, a variable, a URL or a file names the server",
    arguments: [
      (["--host=db.example"], [:], "db.example:3306"),
      (["--socket=/run/other.sock"], [:], "/run/other.sock"),
      (["--url=mariadb://ops@db.example:3307/pay"], [:], "db.example:3307"),
      ([], ["PAYOPS_HOST": "db.example"], "db.example:3306"),
      (["--host=second"], ["PAYOPS_HOST": "first"], "second:3306"),
    ] as [([String], [String: String], String)])
  func server(arguments: [String], environment: [String: String], target: String) async throws {
    let run = try await config(arguments + ["--json"], environment: environment)
    #expect(try settings(run)["target"]?["value"] == target)
  }

  @Test("the group [payops] of option files and every group of --defaults-file are read")
  func files() async throws {
    let payops = try settings(
      await config(["--json"], home: "[payops]\nhost=db.example\nport=3310\n"))
    #expect(payops["target"]?["value"] == "db.example:3310")
    let named = try settings(
      await config(
        ["--json", "--defaults-file=my.cnf"], file: "[client]\nsocket=/run/named.sock\n"))
    #expect(named["target"]?["value"] == "/run/named.sock")
  }

  @Test("config never shows a password and refuses one in a URL argument")
  func password() async throws {
    for format in ["table", "json", "csv"] {
      let run = try await config(
        ["--defaults-file=my.cnf", "--format", format],
        file: "[payops]\nhost=db\npassword=s3cret-word\n")
      #expect(run.status == 0)
      #expect(run.output.contains("***"))
      #expect(!(run.output + run.errors).contains("s3cret-word"))
    }
    let url = try await config(["--url=mariadb://ops:s3cret-word@db/pay"])
    #expect(url.status == 78)
    #expect(url.errors.contains("hint: "))
    #expect(!(url.output + url.errors).contains("s3cret-word"))
  }

  @Test("config prints a table, CSV with neutralised text, and JSON")
  func formats() async throws {
    let arguments = ["--host=db", "--database==1+1"]
    let csv = try await config(arguments + ["--format=csv"])
    #expect(csv.output.hasPrefix("setting,value,source\r\ntarget,db:3306,\r\n"))
    #expect(csv.output.contains("database,'=1+1,'--database\r\n"))
    let table = try await config(arguments)
    #expect(table.output.hasPrefix("setting          value"))
    #expect(table.output.contains("=1+1"))
  }
}
