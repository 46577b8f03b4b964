import Catalogue
import MariaDBClient
import TestSupport
import Testing

@testable import BusinessIntelligence

@Suite("Model for Power BI", .timeLimit(.minutes(10)))
struct PowerBITests {
  private func read(_ contents: KitContents) -> [String: TMDLReader] {
    let files = PowerBIProject(contents, source: KitCatalogue.source).files
    return Dictionary(
      files.filter { $0.path.hasSuffix(".tmdl") }.map {
        ($0.path, TMDLReader(String(decoding: $0.bytes, as: UTF8.self)))
      }, uniquingKeysWith: { $1 })
  }

  /// Checks what Power BI checks when it opens a model.
  private func check(_ contents: KitContents) throws {
    let files = read(contents)
    var columns: [String: Set<String>] = [:]
    var measures: [String] = []
    for (path, file) in files {
      #expect(file.problems == [], "\(path)")
      for table in file.objects where table.type == "table" {
        let names = table.children.filter { $0.type != "partition" }.map { $0.name.lowercased() }
        #expect(Set(names).count == names.count, "names of \(table.name)")
        measures += table.children.filter { $0.type == "measure" }.map { $0.name.lowercased() }
        columns[table.name] = Set(table.children.filter { $0.type == "column" }.map(\.name))
        for column in table.children where column.type == "column" {
          #expect(column.properties["sourceColumn"] == column.name)
          #expect(
            ["int64", "double", "decimal", "string", "dateTime"]
              .contains(column.properties["dataType"] ?? ""), "\(table.name).\(column.name)")
          #expect(["sum", "min", "max", "none"].contains(column.properties["summarizeBy"] ?? ""))
        }
        let partition = try #require(table.children.first { $0.type == "partition" })
        #expect(
          partition.expression == "m"
            && partition.properties["source"]?.contains("Odbc.Query(") == true)
      }
    }
    #expect(Set(measures).count == measures.count)
    for file in files.values {
      for relation in file.objects where relation.type == "relationship" {
        for end in ["fromColumn", "toColumn"] {
          let parts = (relation.properties[end] ?? "").split(separator: ".").map(String.init)
          #expect(parts.count == 2 && columns[parts[0]]?.contains(parts[1]) == true, "\(parts)")
        }
      }
      for table in file.objects where table.type == "table" {
        for measure in table.children where measure.type == "measure" {
          // Every 'table'[column] of the expression exists.
          let parts = (measure.expression ?? "").split(separator: "'[").dropFirst()
          for part in parts {
            let column = String(part.prefix { $0 != "]" })
            #expect(columns[table.name]?.contains(column) == true, "\(measure.name): \(column)")
          }
          #expect(!parts.isEmpty)
        }
      }
    }
    let model = try #require(files["payops.SemanticModel/definition/model.tmdl"])
    #expect(
      Set(model.objects.filter { $0.type == "ref" }.map(\.name)) == Set(contents.views.map(\.name)))
  }

  @Test("a model of odd views is well formed, and its measures divide sums")
  func odd() throws {
    try check(KitCatalogue.contents())
    let table = try #require(
      read(KitCatalogue.contents())["payops.SemanticModel/definition/tables/kpi_day.tmdl"]?.objects
        .first)
    let measures = Dictionary(
      table.children.filter { $0.type == "measure" }.map { ($0.name, $0.expression ?? "") },
      uniquingKeysWith: { $1 })
    #expect(
      measures["Done rate"]
        == "CALCULATE(DIVIDE(SUM('kpi_day'[done_count]), SUM('kpi_day'[all_count])),"
        + " KEEPFILTERS('kpi_day'[dimension] = \"all\"))")
    // A measure may not have the name of a column, in any case of letters.
    #expect(measures["Apdex (KPI)"]?.contains("SELECTEDVALUE('kpi_day'[apdex])") == true)
  }

  @Test("days and customers are related where the catalogue has their dimensions")
  func relations() {
    let relations = PowerBIRelations(KitCatalogue.contents().views).relations
    #expect(
      relations == [
        .init(
          view: "customer_list", column: "customer_id", dimension: "dim_customer",
          key: "customer_id"),
        .init(
          view: "customer_spend_day", column: "metric_date", dimension: "dim_date", key: "date_day"),
        .init(
          view: "customer_spend_day", column: "customer_id", dimension: "dim_customer",
          key: "customer_id"),
        .init(view: "kpi_day", column: "metric_date", dimension: "dim_date", key: "date_day"),
      ])
    let without = KitCatalogue.views.filter { !$0.name.hasPrefix("dim_") }
    #expect(PowerBIRelations(without).relations == [])
  }

  @Test("a table holds the usual excerpt of its view, a dimension all of it")
  func statements() throws {
    let contents = KitCatalogue.contents()
    func statement(_ name: String) throws -> String {
      let view = try #require(contents.views.first { $0.name == name })
      return PowerBITable(view: view, figures: []).statement
    }
    #expect(try statement("dim_date") == "SELECT `date_day`, `weekday` FROM `dim_date`")
    #expect(
      try statement("kpi_day").hasSuffix(
        "FROM `kpi_day` WHERE `metric_date` >= UTC_TIMESTAMP() - INTERVAL 30 day"))
  }

  @Test("the model of the deployed catalogue is well formed, and every figure of it has a chart")
  func deployed() async throws {
    try await TestServer.withSchema { connection in
      let contents = KitContents(try await Catalogue.read(on: connection))
      try check(contents)
      #expect(contents.views.count > 80 && contents.subjects.flatMap(\.figures).count > 60)
      let bundle = SupersetBundle(contents, source: KitCatalogue.source)
      #expect(bundle.files == bundle.files)
      let charts = bundle.entries.filter { $0.path.hasPrefix("payops/charts/") }
      #expect(
        charts.count == contents.subjects.reduce(0) { $0 + $1.figures.count + $1.lists.count })
      #expect(Set(charts.map(\.path)).count == charts.count)
      let titles = charts.map { String(decoding: $0.bytes, as: UTF8.self).prefix { $0 != "\n" } }
      #expect(Set(titles).count == charts.count && titles[0].hasPrefix("slice_name: "))
    }
  }

  @Test("the strict reader refuses what Power BI refuses")
  func reader() {
    let broken = [
      "table a\n  column b\n", "table a\n\tcolumn b\n\t\tdataType: int64\n\t\tdataType: int64\n",
      "table a\n\tmeasure b c = 1\n", "table a\n\tmeasure b\n\t\tcolour: red\n",
      "table a\n\t\tcolumn b\n", "column b\n",
      "table a\n\tpartition b = m\n\t\tsource =\n\t\tmode: import\n",
      "/// of nothing\n\ntable a\n", "table 'a\n", "table a", "table a\n\tcolumn b { x }\n",
    ]
    for text in broken { #expect(TMDLReader(text).problems != [], "\(text)") }
    #expect(TMDLReader("table 'a ''b'\n\tlineageTag: x\n").objects.first?.name == "a 'b")
  }
}
