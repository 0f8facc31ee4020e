// Renders the templates of a Helm chart where helm is not installed: Go's own templates with the few functions that ours
// use. Maps become JSON, which is YAML.
//
//	render CHART VALUES.json RELEASE < CHART.json
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"text/template"
)

func main() {
	if err := render(os.Args[1], os.Args[2], os.Args[3]); err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(1)
	}
}

func render(folder, valuesFile, release string) error {
	text, err := os.ReadFile(valuesFile)
	if err != nil {
		return err
	}
	values := map[string]any{}
	if err := json.Unmarshal(text, &values); err != nil {
		return err
	}
	text, err = io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	chart := map[string]any{}
	if err := json.Unmarshal(text, &chart); err != nil {
		return err
	}
	// Helm's names begin with a capital.
	for _, name := range []string{"name", "version", "appVersion"} {
		chart[strings.ToUpper(name[:1])+name[1:]] = chart[name]
	}
	templates := template.New("chart").Option("missingkey=error")
	templates.Funcs(functions(templates))
	if _, err := templates.ParseGlob(filepath.Join(folder, "templates", "*")); err != nil {
		return err
	}
	data := map[string]any{
		"Values":  values,
		"Chart":   chart,
		"Release": map[string]any{"Name": release, "Namespace": "default", "Service": "Helm"},
	}
	for _, one := range templates.Templates() {
		if !strings.HasSuffix(one.Name(), ".yaml") {
			continue
		}
		fmt.Println("---")
		if err := one.Execute(os.Stdout, data); err != nil {
			return err
		}
	}
	return nil
}

func functions(templates *template.Template) template.FuncMap {
	asJSON := func(value any) (string, error) {
		text, err := json.Marshal(value)
		return string(text), err
	}
	return template.FuncMap{
		"include": func(name string, data any) (string, error) {
			var text bytes.Buffer
			err := templates.ExecuteTemplate(&text, name, data)
			return text.String(), err
		},
		"toYaml": asJSON,
		"toJson": asJSON,
		// Whatever it is becomes a text, as Sprig does it.
		"quote": func(value any) (string, error) { return asJSON(fmt.Sprint(value)) },
		"default": func(standard, value any) any {
			if value == nil || value == "" {
				return standard
			}
			return value
		},
		"nindent": func(spaces int, text string) string {
			indent := "\n" + strings.Repeat(" ", spaces)
			return indent + strings.ReplaceAll(strings.TrimRight(text, "\n"), "\n", indent)
		},
	}
}
