import Catalogue
import Foundation
import Tabular
import TestSupport
import Testing

@testable import BusinessIntelligence

@Suite("Files for BI tools")
struct KitTests {
  private static let tools: [String: @Sendable (KitContents) -> [KitFile]] = [
    "superset": { SupersetBundle($0, source: KitCatalogue.source).entries },
    "grafana": { GrafanaKit($0, source: KitCatalogue.source).files },
    "powerbi": { PowerBIProject($0, source: KitCatalogue.source).files },
  ]

  private func text(_ tool: String, _ contents: KitContents = KitCatalogue.contents()) -> String {
    (Self.tools[tool]?(contents) ?? []).map { String(decoding: $0.bytes, as: UTF8.self) }.joined()
  }

  @Test("the same catalogue gives the same bytes, with another order of its rows too")
  func deterministic() throws {
    for (tool, files) in Self.tools {
      #expect(files(KitCatalogue.contents()) == files(KitCatalogue.contents()), "\(tool)")
      let paths = files(KitCatalogue.contents()).map(\.path)
      #expect(Set(paths).count == paths.count, "\(tool)")
    }
    let bundle = SupersetBundle(KitCatalogue.contents(), source: KitCatalogue.source)
    #expect(bundle.files == bundle.files)
  }

  @Test(
    "a new KPI is a new metric, chart, panel and measure",
    arguments: ["superset", "grafana", "powerbi"])
  func newKPI(tool: String) {
    let more = KitCatalogue.kpi("brand_new", "exposure_total", "exposure_amount", unit: "amount")
    #expect(!text(tool).contains("Brand new"))
    #expect(text(tool, KitCatalogue.contents([more])).contains("Brand new"))
  }

  @Test("views that the role bi may not read are in no file; nor does a list name customers")
  func readers() {
    for tool in Self.tools.keys {
      #expect(!text(tool).contains("rule_secret"), "\(tool)")
      #expect(text(tool).contains("ops_list"), "\(tool)")
    }
    #expect(!text("grafana").contains("customer_list"))
  }

  @Test("no file holds a password, and the places for one hold a mask or a variable")
  func secrets() throws {
    for tool in Self.tools.keys {
      for line in text(tool).split(separator: "\n")
      where line.lowercased().contains("password") || line.lowercased().contains("pwd") {
        #expect(line.contains("\"$PAYOPS_BI_PASSWORD\""), "\(tool): \(line)")
      }
    }
    #expect(text("superset").contains("mysql://bi%40sales:XXXXXXXXXX@127.0.0.1:3306/payops?"))
  }

  @Test("JSON and YAML are well formed, and texts in them come back")
  func wellFormed() throws {
    for tool in ["grafana", "powerbi"] {
      for file in Self.tools[tool]?(KitCatalogue.contents()) ?? []
      where [".json", ".pbip", ".pbir", ".pbism"].contains(where: file.path.hasSuffix) {
        _ = try JSONSerialization.jsonObject(with: Data(file.bytes))
      }
    }
    let value = JSON.pairs([
      "a": .array([.pairs(["b": .string("x: y # \"z\"\n\u{1F4B6}"), "c": .array([])]), .null]),
      "no": .pairs(["$d": .bool(true), "e": .object([])]), "n": .number("1.50"),
    ])
    #expect(
      value.yaml() == """
        a:
          - b: "x: y # \\"z\\"\\n\u{1F4B6}"
            c: []
          - null
        "no":
          "$d": true
          e: {}
        "n": 1.50

        """)
    let object = try JSONSerialization.jsonObject(with: Data(value.indented().utf8))
    #expect((object as? [String: Any])?.count == 3)
  }

  @Test("each chart, dashboard and dataset has an identifier of its own, which stays")
  func identifiers() throws {
    let files = Self.tools["superset"]?(KitCatalogue.contents()) ?? []
    let own = files.flatMap { file in
      String(decoding: file.bytes, as: UTF8.self).split(separator: "\n")
        .filter { $0.hasPrefix("uuid: ") }
    }
    #expect(Set(own).count == own.count && own.count == files.count - 1)
    #expect(own.allSatisfy { UUID(uuidString: String($0.dropFirst(7).dropLast())) != nil })
    // A changed identifier would make a second set of everything at the next import.
    #expect(SupersetBundle.databaseUUID == StableIdentifier.uuid("superset", "database"))
    #expect(SupersetBundle.databaseUUID.dropFirst(14).first == "8")
  }

  @Test("a ZIP file has the checksums and sizes that the format asks for")
  func zip() async throws {
    #expect(ZipArchive.crc32(Array("123456789".utf8)) == 0xCBF4_3926)
    let bytes = ZipArchive.bytes(of: [KitFile("a/b.txt", "hello"), KitFile("c", "")])
    #expect(
      bytes.starts(with: [0x50, 0x4B, 3, 4]) && bytes.suffix(22).starts(with: [0x50, 0x4B, 5, 6]))
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try KitFile.write([KitFile("x/y.zip", bytes: bytes)], to: folder)
    let python = try TestProcess(
      "/usr/bin/env", ["python3", "-m", "zipfile", "-t", folder.path + "/x/y.zip"])
    #expect(await python.end() == 0)
  }
}

@Suite("Figures from the catalogue")
struct FigureTests {
  private func figure(_ name: String) throws -> Figure {
    try #require(
      KitCatalogue.contents().subjects.flatMap(\.figures).first { $0.kpi.name == name })
  }

  @Test("a ratio is a sum over a sum, with a window and a condition from the default filter")
  func ratio() throws {
    let figure = try figure("done_rate")
    #expect(figure.expression == "1.000000 * SUM(done_count) / NULLIF(SUM(all_count), 0)")
    #expect(figure.time == "metric_date" && figure.groups == [])
    #expect(figure.scope.window == .init(count: 30, unit: "day"))
    #expect(figure.scope.conditions == [.init(column: "dimension", value: "all")])
  }

  @Test("what no sum gives is the value of the only row of a key")
  func single() throws {
    #expect(try figure("apdex").aggregation == .single("apdex"))
    #expect(try figure("apdex").expression == "MAX(apdex)")
  }

  @Test("a number of a bucket brings its label; a single row has no groups")
  func groups() throws {
    #expect(try figure("backlog_by_age").groups == ["bucket_number", "bucket_label"])
    #expect(try figure("gross_exposure").groups == [])
    #expect(try figure("gross_exposure").time == nil)
    #expect(try figure("gross_exposure").label == "Gross exposure (base currency)")
    #expect(try figure("done_rate").label == "Done rate")
  }

  @Test("a course of single customers is the sum of them")
  func customers() throws {
    #expect(try figure("spend_by_day").groups == [])
    #expect(try figure("spend_by_day").time == "metric_date")
  }

  @Test("minutes without a default filter are cut to a day")
  func minutes() throws {
    #expect(try figure("points").scope.window == .init(count: 1, unit: "day"))
    #expect(try figure("points").groups == ["metric_name"])
  }
}
