// Package weir tells Weir of something that happened. Copy it into your program and change the address.
//
//	done := weir.Event(map[string]any{"version": "1.2.3", "step": "install", "ok": true})
//
// It says nothing, never fails and waits for nobody; receive from done where the program ends, which takes a second at
// most. DO_NOT_TRACK=1 keeps it silent.
package weir

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"runtime"
	"strings"
	"time"
)

const address = "https://get.acme.example/-/collect"

// Event sends one event. What it gives is closed when that is done or given up.
func Event(values map[string]any) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if !unwanted() {
			send(values)
		}
	}()
	return done
}

func send(values map[string]any) {
	url := os.Getenv("WEIR_URL")
	if url == "" {
		url = address
	}
	body, err := json.Marshal(values)
	if err != nil {
		return
	}
	request, err := http.NewRequest("POST", url, bytes.NewReader(body))
	if err != nil {
		return
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("User-Agent", "acme-rocket ("+runtime.GOOS+"; "+runtime.GOARCH+")")
	client := http.Client{Timeout: time.Second}
	if answer, err := client.Do(request); err == nil {
		answer.Body.Close()
	}
}

func unwanted() bool {
	switch strings.ToLower(os.Getenv("DO_NOT_TRACK")) {
	case "", "0", "false":
		return false
	}
	return true
}
