internal import Catalogue
internal import Tabular

/// A project of Power BI Desktop: a semantic model in TMDL with a measure for each figure, and a
/// report of one empty page.
package struct PowerBIProject: Sendable {
  private let contents: KitContents
  private let source: KitSource

  /// Makes a project.
  package init(_ contents: KitContents, source: KitSource) {
    self.contents = contents
    self.source = source
  }

  /// The files.
  package var files: [KitFile] { project + report + model }

  private var tables: [PowerBITable] {
    contents.views.map { PowerBITable(view: $0, figures: contents.figures(of: $0)) }
  }

  private static let schemas = "https://developer.microsoft.com/json-schemas/fabric/"

  private var project: [KitFile] {
    [
      KitFile(
        "payops.pbip",
        json: .pairs([
          "$schema": .string(Self.schemas + "pbip/pbipProperties/1.0.0/schema.json"),
          "version": .string("1.0"),
          "artifacts": .array([.pairs(["report": .pairs(["path": .string("payops.Report")])])]),
          "settings": .pairs(["enableAutoRecovery": .bool(true)]),
        ])),
      KitFile(
        "payops.SemanticModel/definition.pbism",
        json: .pairs([
          "$schema": .string(
            Self.schemas + "item/semanticModel/definitionProperties/1.0.0/schema.json"),
          "version": .string("4.2"), "settings": .object([]),
        ])),
      // What Desktop keeps for itself, data included, belongs into no repository.
      KitFile(".gitignore", "**/.pbi/localSettings.json\n**/.pbi/cache.abf\n"),
    ]
  }

  private var report: [KitFile] {
    let item = Self.schemas + "item/report/"
    let folder = "payops.Report/definition/"
    return [
      KitFile(
        "payops.Report/definition.pbir",
        json: .pairs([
          "$schema": .string(item + "definitionProperties/2.0.0/schema.json"),
          "version": .string("4.0"),
          "datasetReference": .pairs([
            "byPath": .pairs(["path": .string("../payops.SemanticModel")])
          ]),
        ])),
      KitFile(
        folder + "version.json",
        json: .pairs([
          "$schema": .string(item + "definition/versionMetadata/1.0.0/schema.json"),
          "version": .string("2.0.0"),
        ])),
      KitFile(
        folder + "report.json",
        json: .pairs([
          "$schema": .string(item + "definition/report/1.0.0/schema.json"),
          "layoutOptimization": .string("None"),
          "themeCollection": .pairs([
            "baseTheme": .pairs([
              "name": .string("CY24SU06"), "reportVersionAtImport": .string("5.55"),
              "type": .string("SharedResources"),
            ])
          ]),
        ])),
      KitFile(
        folder + "pages/pages.json",
        json: .pairs([
          "$schema": .string(item + "definition/pagesMetadata/1.0.0/schema.json"),
          "pageOrder": .array([.string("overview")]), "activePageName": .string("overview"),
        ])),
      KitFile(
        folder + "pages/overview/page.json",
        json: .pairs([
          "$schema": .string(item + "definition/page/1.0.0/schema.json"),
          "name": .string("overview"), "displayName": .string("Overview"),
          "displayOption": .string("FitToPage"), "height": .integer(720), "width": .integer(1280),
        ])),
    ]
  }

  private var model: [KitFile] {
    let folder = "payops.SemanticModel/definition/"
    var model = TMDLWriter()
    model.line(0, "model Model")
    model.line(1, "culture: en-US")
    model.line(1, "defaultPowerBIDataSourceVersion: powerBI_V3")
    model.line(1, "sourceQueryCulture: en-US")
    model.line(1, "dataAccessOptions")
    model.line(2, "legacyRedirects")
    model.line(2, "returnErrorValuesAsNull")
    model.gap()
    model.line(0, "annotation __PBI_TimeIntelligenceEnabled = 0")
    model.gap()
    for table in tables { model.line(0, "ref table \(TMDLWriter.name(table.view.name))") }
    return [
      KitFile(folder + "database.tmdl", "database\n\tcompatibilityLevel: 1600\n\n"),
      KitFile(folder + "model.tmdl", model.text + "\n"),
      KitFile(folder + "expressions.tmdl", connection),
      KitFile(folder + "relationships.tmdl", PowerBIRelations(contents.views).text),
    ] + tables.map(\.file)
  }

  /// The connection string, a parameter that a user can change; Power BI asks for the account.
  private var connection: String {
    let text =
      "driver={MariaDB ODBC 3.2 Driver};server=\(source.host);port=\(source.port);"
      + "database=\(source.database);charset=utf8mb4"
    var writer = TMDLWriter()
    writer.line(
      0,
      "expression Connection = \"\(text)\" meta [IsParameterQuery=true, Type=\"Text\", IsParameterQueryRequired=true]"
    )
    writer.line(1, "lineageTag: \(StableIdentifier.uuid("powerbi", "expression", "Connection"))")
    writer.gap()
    writer.line(1, "annotation PBI_ResultType = Text")
    writer.gap()
    return writer.text
  }
}
