import Foundation
import PackagePlugin

/// Embeds files in the module that uses the plugin: those of its folder `Assets`, and what
/// `scripts/fetch-assets` has put into `.build/assets/` (the outlines for `Charts`, the rest for the
/// dashboard).
@main
struct EmbedAssetsPlugin: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: Target) throws -> [Command] {
    let fetched = context.package.directoryURL.appending(path: ".build/assets")
    let names = target.name == "Charts" ? ["outlines.txt"] : ["uplot.js", "uplot.css"]
    for name in names {
      let file = fetched.appending(path: name)
      if !FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) {
        Diagnostics.error(
          "\(file.path(percentEncoded: false)) is missing; run scripts/fetch-assets, as make setup does"
        )
      }
    }
    let own = target.directoryURL.appending(path: "Assets")
    let inputs =
      try names.map { fetched.appending(path: $0) }
      + (FileManager.default.fileExists(atPath: own.path(percentEncoded: false))
        ? FileManager.default.contentsOfDirectory(at: own, includingPropertiesForKeys: nil) : [])
    let files = inputs.sorted { $0.lastPathComponent < $1.lastPathComponent }
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedAssets.swift")
    return [
      .buildCommand(
        displayName: "Embedding \(files.count) assets in \(target.name)",
        executable: try context.tool(named: "EmbedAssets").url,
        arguments: [output.path(percentEncoded: false)]
          + files.map { $0.path(percentEncoded: false) },
        inputFiles: files,
        outputFiles: [output])
    ]
  }
}
