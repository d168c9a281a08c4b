var e=globalThis,t=e.ShadowRoot&&(e.ShadyCSS===void 0||e.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,n=Symbol(),r=/* @__PURE__ */ new WeakMap,i=class{constructor(e,t,r){if(this._$cssResult$=!0,r!==n)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,n=this.t;if(t&&e===void 0){let t=n!==void 0&&n.length===1;t&&(e=r.get(n)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),t&&r.set(n,e))}return e}toString(){return this.cssText}},a=e=>new i(typeof e==`string`?e:e+``,void 0,n),o=(e,...t)=>new i(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,n),s=(n,r)=>{if(t)n.adoptedStyleSheets=r.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let t of r){let r=document.createElement(`style`),i=e.litNonce;i!==void 0&&r.setAttribute(`nonce`,i),r.textContent=t.cssText,n.appendChild(r)}},c=t?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return a(t)})(e):e,{is:l,defineProperty:u,getOwnPropertyDescriptor:d,getOwnPropertyNames:f,getOwnPropertySymbols:p,getPrototypeOf:m}=Object,h=globalThis,ee=h.trustedTypes,te=ee?ee.emptyScript:``,ne=h.reactiveElementPolyfillSupport,g=(e,t)=>e,re={toAttribute(e,t){switch(t){case Boolean:e=e?te:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},ie=(e,t)=>!l(e,t),ae={attribute:!0,type:String,converter:re,reflect:!1,useDefault:!1,hasChanged:ie};Symbol.metadata??=Symbol(`metadata`),h.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var _=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ae){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&u(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=d(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ae}static _$Ei(){if(this.hasOwnProperty(g(`elementProperties`)))return;let e=m(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(g(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(g(`properties`))){let e=this.properties,t=[...f(e),...p(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(c(e))}else e!==void 0&&t.push(c(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return s(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?re:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?re:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??ie)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};_.elementStyles=[],_.shadowRootOptions={mode:`open`},_[g(`elementProperties`)]=/* @__PURE__ */ new Map,_[g(`finalized`)]=/* @__PURE__ */ new Map,ne?.({ReactiveElement:_}),(h.reactiveElementVersions??=[]).push(`2.1.2`);var oe=globalThis,se=e=>e,v=oe.trustedTypes,ce=v?v.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,le=`$lit$`,y=`lit$${Math.random().toFixed(9).slice(2)}$`,ue=`?`+y,de=`<${ue}>`,b=document,x=()=>b.createComment(``),S=e=>e===null||typeof e!=`object`&&typeof e!=`function`,fe=Array.isArray,pe=e=>fe(e)||typeof e?.[Symbol.iterator]==`function`,me=`[ 	
\f\r]`,C=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,he=/-->/g,ge=/>/g,w=RegExp(`>|${me}(?:([^\\s"'>=/]+)(${me}*=${me}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),_e=/'/g,ve=/"/g,ye=/^(?:script|style|textarea|title)$/i,T=(e=>(t,...n)=>({_$litType$:e,strings:t,values:n}))(1),E=Symbol.for(`lit-noChange`),D=Symbol.for(`lit-nothing`),be=/* @__PURE__ */ new WeakMap,O=b.createTreeWalker(b,129);function xe(e,t){if(!fe(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return ce===void 0?t:ce.createHTML(t)}var Se=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=C;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===C?c[1]===`!--`?o=he:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=w):(ye.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=w):o=ge:o===w?c[0]===`>`?(o=i??C,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?w:c[3]===`"`?ve:_e):o===ve||o===_e?o=w:o===he||o===ge?o=C:(o=w,i=void 0);let d=o===w&&e[t+1].startsWith(`/>`)?` `:``;a+=o===C?n+de:l>=0?(r.push(s),n.slice(0,l)+le+n.slice(l)+y+d):n+y+(l===-2?t:d)}return[xe(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},Ce=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Se(t,n);if(this.el=e.createElement(l,r),O.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=O.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(le)){let t=u[o++],n=i.getAttribute(e).split(y),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?Te:r[1]===`?`?Ee:r[1]===`@`?De:j}),i.removeAttribute(e)}else e.startsWith(y)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(ye.test(i.tagName)){let e=i.textContent.split(y),t=e.length-1;if(t>0){i.textContent=v?v.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],x()),O.nextNode(),c.push({type:2,index:++a});i.append(e[t],x())}}}else if(i.nodeType===8){if(i.data===ue)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(y,e+1))!==-1;)c.push({type:7,index:a}),e+=y.length-1}}a++}}static createElement(e,t){let n=b.createElement(`template`);return n.innerHTML=e,n}};function k(e,t,n=e,r){if(t===E)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=S(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=k(e,i._$AS(e,t.values),i,r)),t}var we=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??b).importNode(t,!0);O.currentNode=r;let i=O.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new A(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Oe(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=O.nextNode(),a++)}return O.currentNode=b,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},A=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=D,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=k(this,e,t),S(e)?e===D||e==null||e===``?(this._$AH!==D&&this._$AR(),this._$AH=D):e!==this._$AH&&e!==E&&this._(e):e._$litType$===void 0?e.nodeType===void 0?pe(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==D&&S(this._$AH)?this._$AA.nextSibling.data=e:this.T(b.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=Ce.createElement(xe(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new we(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=be.get(e.strings);return t===void 0&&be.set(e.strings,t=new Ce(e)),t}k(t){fe(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(x()),this.O(x()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=se(e).nextSibling;se(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},j=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=D,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=D}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=k(this,e,t,0),a=!S(e)||e!==this._$AH&&e!==E,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=k(this,r[n+o],t,o),s===E&&(s=this._$AH[o]),a||=!S(s)||s!==this._$AH[o],s===D?e=D:e!==D&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===D?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},Te=class extends j{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===D?void 0:e}},Ee=class extends j{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==D)}},De=class extends j{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=k(this,e,t,0)??D)===E)return;let n=this._$AH,r=e===D&&n!==D||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==D&&(n===D||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Oe=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){k(this,e)}},ke={M:le,P:y,A:ue,C:1,L:Se,R:we,D:pe,V:k,I:A,H:j,N:Ee,U:De,B:Te,F:Oe},Ae=oe.litHtmlPolyfillSupport;Ae?.(Ce,A),(oe.litHtmlVersions??=[]).push(`3.3.3`);var je=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new A(t.insertBefore(x(),e),e,void 0,n??{})}return i._$AI(e),i},Me=globalThis,M=class extends _{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=je(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return E}};M._$litElement$=!0,M.finalized=!0,Me.litElementHydrateSupport?.({LitElement:M});var Ne=Me.litElementPolyfillSupport;Ne?.({LitElement:M}),(Me.litElementVersions??=[]).push(`4.2.2`);var N=`niiza_cctv`,P=class extends Error{cause;constructor(e){super(e.message??e.code??``),this.cause=e}get refusesPerson(){return this.cause.code===`unauthorized`||!!this.cause.translation_key?.startsWith(`not_allowed`)}};function Pe(e){return new P(typeof e==`object`&&e?e:{message:String(e)})}var Fe=class{connection;constructor(e){this.connection=e}async send(e){try{return await this.connection.sendMessagePromise(e)}catch(e){throw Pe(e)}}async act(e,t){let n=Object.fromEntries(Object.entries(t).filter(([,e])=>e!==void 0&&e!==``)),{response:r}=await this.send({type:`call_service`,domain:N,service:e,service_data:n,return_response:!0});return r}info=()=>this.send({type:`${N}/info`});changes=async e=>{try{return await this.connection.subscribeMessage(e,{type:`${N}/subscribe`})}catch(e){throw Pe(e)}};ledgerPage=e=>this.send({type:`${N}/ledger`,...e?{before:e}:{}}).then(e=>e.entries);playback=(e,t,n)=>this.send({type:`${N}/playback`,camera:e,start:t,end:n});watchClip=e=>this.send({type:`${N}/watch_clip`,clip:e});checks=()=>this.send({type:`${N}/checks`});checkHistory=e=>this.send({type:`${N}/check_history`,check:e}).then(e=>e.history);recordCheck=(e,t,n)=>this.act(`record_check`,{check:e,result:t,...n});cameraSettings=e=>this.send({type:`${N}/camera_settings`,...e?{camera:e}:{}});settingsRequest=e=>this.send({type:`${N}/settings_request`,token:e});switchAudioOff=e=>this.act(`switch_audio_off`,{camera:e});setResolution=(e,t,n)=>this.act(`set_resolution`,{camera:e,resolution:t,hours:n});setClock=(e,t)=>this.act(`set_clock`,{camera:e,ntp_server:t});listCases=async()=>(await this.act(`list_cases`,{})).cases;getCase=e=>this.act(`get_case`,{case:e});findRecordings=(e,t)=>this.act(`find_recordings`,{...e,case:t}).then(e=>e.cameras);createCase=(e,t,n)=>this.act(`create_case`,{kind:e,...t,...n});exportClip=(e,t)=>this.act(`export_clip`,{case:e,...t});cancelClip=e=>this.act(`cancel_clip`,{clip:e});registerFootage=(e,t)=>this.act(`register_footage`,{case:e,...t});approve=(e,t,n)=>this.act(`approve_case`,{case:e,note:t,clips:n});reject=(e,t)=>this.act(`reject_case`,{case:e,reason:t});release=(e,t)=>this.act(`release_case`,{case:e,encrypt:t});handOver=(e,t,n,r)=>this.act(`hand_over`,{case:e,recipient:t,medium:n,medium_serial:r});conclude=(e,t,n)=>this.act(`conclude_case`,{case:e,outcome:t,reasons:n});purge=e=>this.act(`purge_case`,{case:e});exportLedger=e=>this.act(`export_ledger`,{form:e});verifyLedger=()=>this.act(`verify_ledger`,{})};async function Ie(e,t,n,r){return await(await e.fetchWithAuth(`/api/${N}/settings/${encodeURIComponent(t)}`,{method:`POST`,headers:{"Content-Type":`application/json`},body:JSON.stringify({username:n,password:r})})).json()}var F=o`
  :host {
    display: block;
    color: var(--primary-text-color);
    font-family: var(--ha-font-family-body, var(--paper-font-body1_-_font-family, sans-serif));
    font-size: 16px;
    line-height: 1.6;
    -webkit-font-smoothing: antialiased;
  }
  * {
    box-sizing: border-box;
  }
  h1,
  h2,
  h3 {
    font-weight: 500;
    line-height: 1.35;
    margin: 0;
  }
  h1 {
    font-size: 1.6rem;
  }
  h2 {
    font-size: 1.2rem;
    margin-block-end: 12px;
  }
  h3 {
    font-size: 1rem;
  }
  h1:focus {
    outline: none;
  }
  p {
    margin: 0 0 8px;
  }
  ul,
  ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  a {
    color: var(--primary-color);
  }
  .page {
    display: grid;
    gap: 16px;
    margin: 0 auto;
    max-width: 1100px;
    padding: 20px 16px 64px;
  }
  ha-card {
    display: block;
    padding: 20px;
  }
  .row {
    align-items: center;
    display: flex;
    flex-wrap: wrap;
    gap: 12px;
  }
  .spread {
    justify-content: space-between;
  }
  .soft {
    color: var(--secondary-text-color);
  }
  .small {
    font-size: 0.875rem;
  }
  .mono {
    font-family: var(--ha-font-family-code, ui-monospace, monospace);
    overflow-wrap: anywhere;
  }
  .warn {
    color: var(--error-color);
    font-weight: 500;
  }
  .with-icon {
    align-items: center;
    display: inline-flex;
    gap: 6px;
  }
  ha-icon {
    --mdc-icon-size: 20px;
    flex: none;
  }
  button,
  .button {
    align-items: center;
    background: transparent;
    border: 1px solid var(--outline-color, var(--divider-color));
    border-radius: 12px;
    color: var(--primary-text-color);
    cursor: pointer;
    display: inline-flex;
    font: inherit;
    font-weight: 500;
    gap: 8px;
    justify-content: center;
    min-block-size: 48px;
    padding: 8px 20px;
    text-decoration: none;
  }
  button:hover:not(:disabled),
  .button:hover {
    background: color-mix(in srgb, var(--primary-text-color) 8%, transparent);
  }
  button.main,
  .button.main {
    background: var(--primary-color);
    border-color: var(--primary-color);
    color: var(--text-primary-color, #fff);
  }
  button.main:hover:not(:disabled),
  .button.main:hover {
    background: color-mix(in srgb, var(--primary-color) 85%, #000);
  }
  button.danger {
    border-color: var(--error-color);
    color: var(--error-color);
  }
  button.flat {
    border-color: transparent;
    padding-inline: 12px;
  }
  button:disabled {
    border-style: dashed;
    background: transparent;
    color: var(--secondary-text-color);
    cursor: not-allowed;
  }
  :focus-visible {
    outline: 3px solid var(--primary-color);
    outline-offset: 2px;
  }
  label,
  legend {
    font-weight: 500;
  }
  fieldset {
    border: 0;
    margin: 0;
    min-inline-size: 0;
    padding: 0;
  }
  fieldset > legend {
    margin-block-end: 8px;
    padding: 0;
  }
  .field {
    /* Fields in a row stand in line, whichever has a help above it. */
    align-content: end;
    display: grid;
    gap: 4px;
  }
  .field .small {
    font-weight: 400;
  }
  .fields {
    display: grid;
    gap: 16px;
    grid-template-columns: repeat(auto-fit, minmax(min(100%, 280px), 1fr));
  }
  .wide {
    grid-column: 1 / -1;
  }
  input:not([type="radio"], [type="checkbox"]),
  select,
  textarea {
    background: var(--card-background-color);
    border: 1px solid var(--outline-color, var(--secondary-text-color));
    border-radius: 8px;
    color: var(--primary-text-color);
    font: inherit;
    inline-size: 100%;
    min-block-size: 48px;
    padding: 8px 12px;
  }
  textarea {
    min-block-size: 96px;
    resize: vertical;
  }
  input[type="radio"],
  input[type="checkbox"] {
    accent-color: var(--primary-color);
    block-size: 22px;
    flex: none;
    inline-size: 22px;
    margin: 0;
  }
  .choice {
    align-items: center;
    border: 1px solid var(--divider-color);
    border-radius: 12px;
    cursor: pointer;
    display: flex;
    gap: 12px;
    min-block-size: 48px;
    padding: 8px 16px;
  }
  .choice:has(:checked) {
    border-color: var(--primary-color);
    box-shadow: inset 0 0 0 1px var(--primary-color);
  }
  .choices {
    display: grid;
    gap: 8px;
    grid-template-columns: repeat(auto-fill, minmax(min(100%, 220px), 1fr));
  }
  .mark {
    color: var(--error-color);
    font-weight: 400;
  }
  .chip {
    align-items: center;
    border: 1px solid currentColor;
    border-radius: 999px;
    display: inline-flex;
    font-size: 0.875rem;
    font-weight: 500;
    gap: 6px;
    padding: 2px 12px 2px 8px;
    white-space: nowrap;
  }
  .chip.turn {
    background: var(--primary-color);
    border-color: var(--primary-color);
    color: var(--text-primary-color, #fff);
  }
  .chip.risk {
    background: color-mix(in srgb, var(--error-color) 12%, transparent);
    color: var(--error-color);
  }
  .chip.done {
    color: var(--secondary-text-color);
  }
  dl {
    display: grid;
    gap: 6px 20px;
    grid-template-columns: max-content 1fr;
    margin: 0;
  }
  dt {
    color: var(--secondary-text-color);
  }
  dd {
    margin: 0;
    overflow-wrap: anywhere;
    white-space: pre-wrap;
  }
  progress {
    appearance: none;
    background: var(--divider-color);
    block-size: 12px;
    border: 0;
    border-radius: 6px;
    inline-size: 100%;
    overflow: hidden;
  }
  progress::-webkit-progress-bar {
    background: var(--divider-color);
  }
  progress::-webkit-progress-value {
    background: var(--primary-color);
  }
  progress::-moz-progress-bar {
    background: var(--primary-color);
  }
  .bar {
    background: color-mix(in srgb, var(--success-color) 45%, transparent);
    block-size: 20px;
    border: 1px solid var(--divider-color);
    border-radius: 6px;
    overflow: hidden;
    position: relative;
  }
  .bar .gap {
    /* Striped, so that a gap shows without its colour. */
    background: repeating-linear-gradient(
      -45deg,
      var(--card-background-color) 0 5px,
      var(--error-color) 5px 7px
    );
    inset-block: 0;
    position: absolute;
  }
  .bar .now {
    background: var(--primary-text-color);
    inline-size: 3px;
    inset-block: 0;
    position: absolute;
  }
  @media (max-width: 600px) {
    dl {
      grid-template-columns: 1fr;
      gap: 0;
    }
    dd {
      margin-block-end: 10px;
    }
    ha-card {
      padding: 16px;
    }
  }
`,I=class extends Error{key;values;constructor(e,t){super(e),this.key=e,this.values=t}};async function Le(e){await Promise.all([`config_panel`,`exceptions`,`selector`,`services`].map(t=>e.loadBackendTranslation(t,N)))}function Re(e){return(t,n)=>e.localize(`component.niiza_cctv.config_panel.${t}`,n)||t}function L(e,t,n,r){let i=e(t,r);return i===t?n:i}function ze(e,t,n){if(n instanceof I)return t(n.key,n.values);if(!(n instanceof P))return t(`common.failed`);let{translation_domain:r,translation_key:i,translation_placeholders:a,message:o,code:s}=n.cause;return i&&e.localize(`component.${r??`niiza_cctv`}.exceptions.${i}.message`,a)||(s===`unauthorized`?t(`common.unauthorized`):o??t(`common.failed`))}var R=`/niiza-cctv`,z=class extends M{static styles=[F];static properties={context:{attribute:!1},busy:{state:!0},error:{state:!0},refused:{state:!0}};constructor(){super(),this.busy=``,this.error=``,this.refused=!1}async attempt(e,t){if(this.busy)return!1;this.busy=e,this.error=``,this.refused=!1;try{return await t(),!0}catch(e){return this.error=this.wording(e),this.refused=e instanceof P&&e.refusesPerson,!1}finally{this.busy=``}}wording(e){return ze(this.context.hass,this.context.t,e)}errorAlert(e=this.error){return e?T`<ha-alert alert-type="error" role="alert">${e}</ha-alert>`:D}},B=class extends z{static properties={...z.properties,changes:{type:Number},unread:{state:!0}};reading=!1;again=!1;constructor(){super(),this.changes=0,this.unread=``}willUpdate(e){e.has(`changes`)&&this.refresh()}async refresh(){if(this.reading)this.again=!0;else{this.reading=!0;try{do this.again=!1,await this.read(),this.unread=``;while(this.again)}catch(e){this.unread=this.wording(e)}finally{this.reading=!1}}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}};function Be(e){history.pushState(null,``,`${R}/${e}`),window.dispatchEvent(new CustomEvent(`location-changed`))}async function Ve(e){try{return await navigator.clipboard.writeText(e),!0}catch{return!1}}var He=class{language;timeZone;full;day;local;constructor(e,t){this.language=e,this.timeZone=t;let n={year:`numeric`,month:`short`,day:`numeric`,weekday:`short`},r={hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`};this.full=new Intl.DateTimeFormat(e,{timeZone:t,...n,...r}),this.day=new Intl.DateTimeFormat(e,{timeZone:t,...n}),this.local=new Intl.DateTimeFormat(`sv-SE`,{timeZone:t,dateStyle:`short`,timeStyle:`medium`})}at(e){return this.full.format(new Date(e))}date(e){return this.day.format(new Date(e))}zoneName(){return new Intl.DateTimeFormat(this.language,{timeZone:this.timeZone,timeZoneName:`long`}).formatToParts().find(e=>e.type===`timeZoneName`)?.value??this.timeZone}field(e){return this.local.format(new Date(e)).replace(` `,`T`)}};function V(e){return/T\d\d:\d\d$/.test(e)?`${e}:00`:e}function Ue(e,t,n){let[r,i,a]=[e,t,n].map(e=>new Date(e).getTime());return a<=i?0:Math.min(100,Math.max(0,(r-i)/(a-i)*100))}function We(e){let t=Math.max(0,Math.round(e)),n=[Math.floor(t/3600),Math.floor(t%3600/60),t%60];return(n[0]?n:n.slice(1)).map((e,t)=>t?String(e).padStart(2,`0`):String(e)).join(`:`)}var Ge=`[0-9A-Fa-f]{64}`,Ke=class extends z{static properties={...z.properties,typed:{attribute:!1}};static styles=[F,o`
      :host {
        display: grid;
        gap: 16px;
      }
    `];constructor(){super(),this.typed={}}read(){let{t:e}=this.context,t=this.renderRoot,n=[...t.querySelectorAll(`input, select, textarea`)];for(let e of n)e.setCustomValidity(``);let[r,i]=[this.text(`start`),this.text(`end`)].map(V);if(r&&i&&r>=i&&t.querySelector(`#end`)?.setCustomValidity(e(`find.end_first`)),!n.every(e=>e.reportValidity()))return null;let a=this.found(),o=this.text(`clock_offset`);return{camera:this.text(`camera`),start:r,end:i,second_person:this.text(`second_person`),found:a,note:this.text(`note`),clock_offset:o?Number(o):void 0,...a?{medium:this.text(`medium`),medium_serial:this.text(`medium_serial`),sha256:this.text(`sha256`).toLowerCase()}:{}}}text(e){return this.typed[e]?.trim()??``}found(){return this.typed.found!==`no`}setField(e,t){this.typed={...this.typed,[e]:t},this.dispatchEvent(new CustomEvent(`typed`,{detail:[e,t]}))}label(e,t,n){let{t:r}=this.context;return T`<label for=${e}
      >${t} ${n?T`<span class="mark">${r(`common.required`)}</span>`:D}</label
    >`}line(e,t,n,r={}){let i=r.help??L(this.context.t,`help.${e}`,``);return T`<div class="field">
      ${this.label(e,t,n)}
      ${i?T`<span class="soft small" id="${e}-help">${i}</span>`:D}
      <input
        id=${e}
        type=${r.type??`text`}
        step=${r.type?`1`:D}
        pattern=${r.pattern??D}
        maxlength="200"
        autocomplete="off"
        ?required=${n}
        aria-describedby=${i?`${e}-help`:D}
        .value=${this.typed[e]??``}
        @input=${t=>{let n=t.target;n.setCustomValidity(``),this.setField(e,n.value)}}
      />
    </div>`}choose(e,t,n,r=``){return T`<div class="field">
      ${this.label(e,t,!0)}
      ${r?T`<span class="soft small" id="${e}-help">${r}</span>`:D}
      <select
        id=${e}
        required
        aria-describedby=${r?`${e}-help`:D}
        @change=${t=>{this.setField(e,t.target.value)}}
      >
        <option value=""></option>
        ${n.map(t=>T`<option value=${t.id} ?selected=${this.typed[e]===t.id}>${t.name}</option>`)}
      </select>
    </div>`}render(){let{t:e,info:t,clock:n}=this.context,r=this.found(),i=[...t.offline_cameras,...t.cameras].map(e=>({id:e.unique_id,name:e.name}));return T`
      <fieldset>
        <legend>${e(`by_hand.found`)}</legend>
        <div class="choices">
          ${[`yes`,`no`].map(t=>T`<label class="choice"
                ><input
                  type="radio"
                  name="found"
                  .checked=${r===(t===`yes`)}
                  @change=${()=>{this.setField(`found`,t)}}
                />${e(t===`yes`?`by_hand.found_yes`:`by_hand.found_no`)}</label
              >`)}
        </div>
      </fieldset>
      <div class="fields">
        ${this.choose(`camera`,e(`by_hand.camera`),i)}
        ${this.choose(`second_person`,e(`by_hand.second_person`),t.people,e(`by_hand.second_person_help`))}
        ${this.line(`start`,e(`find.start`),!0,{type:`datetime-local`})}
        ${this.line(`end`,e(`find.end`),!0,{type:`datetime-local`})}
        <p class="soft small wide">${e(`by_hand.times`,{zone:n.zoneName()})}</p>
        ${this.line(`clock_offset`,e(`by_hand.clock`),!1,{type:`number`,help:e(`by_hand.clock_help`)})}
        ${r?T`${this.line(`medium`,e(`fields.medium`),!0,{help:e(`by_hand.medium_help`)})}
            ${this.line(`medium_serial`,e(`fields.medium_serial`),!0)}
            ${this.line(`sha256`,e(`by_hand.sha256`),!1,{pattern:Ge,help:e(`by_hand.sha256_help`)})}`:D}
        <div class="field wide">
          ${this.label(`note`,e(`fields.note`),!1)}
          <textarea
            id="note"
            maxlength="1000"
            .value=${this.typed.note??``}
            @input=${e=>{this.setField(`note`,e.target.value)}}
          ></textarea>
        </div>
      </div>
    `}},H=/* @__PURE__ */ new Map,U=/* @__PURE__ */ new Map;function qe(e){return{...H.get(e)}}function Je(e,t){Object.values(t).some(Boolean)?H.set(e,t):H.delete(e)}function Ye(e){return U.get(e)}function Xe(e,t){t?U.set(e,t):U.delete(e)}function Ze(e){H.delete(e),U.delete(e)}function Qe(){H.clear(),U.clear()}function $e(e){(H.size||U.size)&&e.preventDefault()}function et(){window.addEventListener(`beforeunload`,$e),window.addEventListener(`hass-logout`,Qe)}var W=/* @__PURE__ */ new Set([`received`,`preserved`,`approved`,`released`]),tt={add_clip:`exporter`,register_footage:`exporter`,approve:`approver`,reject:`approver`,release:`exporter`,hand_over:`exporter`,conclude:`exporter`,purge:`exporter`};function nt(e,t){return t.kinds.find(t=>t.kind===e.kind)}function rt(e,t){return nt(e,t)?.may_release_master??!1}function it(e){return e.passages.some(e=>e.state===`requested`||e.state===`failed`)}function at(e,t){let n=e.passages.some(e=>e.state===`sealed`),r=e.state===`approved`||e.state===`released`,i=e.searches>0||e.passages.some(e=>e.error===`nothing_found`);return(nt(e,t)?.outcomes??[]).filter(t=>t===`nothing_found`?W.has(e.state)&&!n&&i:r&&(t===`refused`||n))}function ot(e,t){let n=rt(e,t),r=[`add_clip`,`register_footage`],i=at(e,t).length?[`conclude`]:[],a=e.passages.some(e=>e.state===`sealed`);switch(e.state){case`received`:return[...r,...i,...n?[]:[`approve`],`reject`];case`preserved`:return[`approve`,...r,...i,`reject`];case`approved`:{let t=e.only_by_hand?`hand_over`:`release`;return[...n?[t]:[],...i,...r,`reject`]}case`released`:return[`hand_over`,`release`,...i,`reject`];case`handed_over`:return a?[`purge`,`approve`]:[];case`concluded`:case`rejected`:case`expired`:return a?[`purge`]:[];case`purged`:return[]}}function st(e,t,n){let r=tt[e];if(!n.roles.includes(r))return r===`approver`?`why.not_approver`:`why.not_exporter`;if(!n.ledger.available)return`why.ledger_down`;let i=[t.created_by.id,...t.passages.flatMap(e=>[e.asked_by.id,e.by_hand?.second_person.id])];return(e===`approve`||e===`reject`)&&i.includes(n.user.id)?`why.own_request`:e===`approve`&&it(t)?`why.still_fetching`:(e===`release`||e===`conclude`||e===`hand_over`&&t.only_by_hand)&&t.approved_by?.id===n.user.id?`why.own_approval`:null}function ct(e,t){return ot(e,t).map(n=>({act:n,why:st(n,e,t)})).filter(({act:e,why:n},r)=>r===0||n===null||t.roles.includes(tt[e]))}function lt(e){return e.state===`received`&&e.failed>0&&!e.fetching}function ut(e,t){switch(e.state){case`received`:return lt(e)?`next.failed`:e.fetching?`next.fetching`:`next.find`;case`preserved`:return`next.approve`;case`approved`:return rt(e,t)?e.only_by_hand?`next.hand_over_by_hand`:`next.release`:`next.conclude`;case`released`:return`next.hand_over`;case`handed_over`:case`concluded`:case`rejected`:case`expired`:return`next.purge`;case`purged`:return`next.nothing`}}function dt(e,t){let n=t.roles.includes(`approver`)&&e.created_by.id!==t.user.id;return e.state===`preserved`?n:t.roles.includes(`exporter`)&&(lt(e)||[`approved`,`released`].includes(e.state))}function ft(e,t){return e===null?null:(new Date(e).getTime()-t.getTime())/36e5}var pt={received:`mdi:inbox-arrow-down`,preserved:`mdi:lock-check`,approved:`mdi:check-decagram`,released:`mdi:package-variant-closed-check`,handed_over:`mdi:handshake`,concluded:`mdi:flag-checkered`,rejected:`mdi:close-octagon`,expired:`mdi:timer-off`,purged:`mdi:delete-empty`};function mt(e,t){return T`<span class="chip risk"
    ><ha-icon icon="mdi:timer-alert"></ha-icon>${t>0?e(`cases.at_risk`,{hours:Math.floor(t)}):e(`cases.lost`)}</span
  >`}function ht(e,t,n,r){let i=e=>Ue(e,t.start,t.end);return T`<div class="bar" role="img" aria-label=${e(`find.bar`,{gaps:n.length})}>
    ${n.map(e=>T`<div
          class="gap"
          style="inset-inline-start:${i(e.start)}%;inline-size:${i(e.end)-i(e.start)}%"
        ></div>`)}
    ${r===void 0?D:T`<div class="now" style="inset-inline-start:calc(${i(r)}% - 1px)"></div>`}
  </div>`}function gt(e,t,n){return n.length?T`<ul class="small">
        ${n.map(n=>T`<li class="with-icon">
              <ha-icon icon="mdi:film-off"></ha-icon>${e(`find.gap`,{start:t.at(n.start),end:t.at(n.end)})}
            </li>`)}
      </ul>`:D}function G(e,t,n,r=``){return e.localize(`component.niiza_cctv.exceptions.${t}.message`,{camera:n,case:r})||t}function _t(e,t,n){return L(e,`failures.${t}`,``,{camera:n})||void 0}function vt(e,t,n){return n.error?G(e,n.error,n.camera_name):n.stretches.length?n.gaps.length?t(`find.partly`):t(`find.complete`):t(`find.nothing`)}var K={cameras:``,start:``,end:``,margin:`60`},yt=[0,10,30,60,300];function q(e){return!!(e.cameras||e.start||e.end)}function bt(e){return e.cameras.split(`
`).filter(Boolean)}function xt(e){let t=bt(e),[n,r]=[V(e.start),V(e.end)];return!t.length||!n||!r||n>=r?null:{cameras:t,start:n,end:r,margin:Number(e.margin)}}var St=class extends z{static properties={...z.properties,typed:{attribute:!1},caseId:{type:String},required:{type:Boolean},found:{state:!0},watched:{state:!0}};static styles=[F,o`
      :host {
        display: grid;
        gap: 16px;
      }
      .found {
        border-inline-start: 4px solid var(--divider-color);
        display: grid;
        gap: 8px;
        margin-block-end: 16px;
        padding-inline-start: 16px;
      }
    `];foundFor=null;constructor(){super(),this.typed=K,this.caseId=``,this.required=!1,this.watched=``}willUpdate(e){e.has(`typed`)&&this.found&&!this.covered()&&(this.found=void 0,this.watched=``)}covered(){let e=xt(this.typed),t=this.foundFor;return e!==null&&t!==null&&e.cameras.join()===t.cameras.join()&&e.start>=t.start&&e.end<=t.end}check(){let e=this.renderRoot,t=[...e.querySelectorAll(`input`)];for(let e of t)e.setCustomValidity(``);let{t:n}=this.context;if(this.required||q(this.typed)){let t=e.querySelector(`input[name=camera]`);this.typed.cameras||t?.setCustomValidity(n(`find.choose_camera`));let r=e.querySelector(`#end`);this.typed.start&&this.typed.end&&V(this.typed.start)>=V(this.typed.end)&&r?.setCustomValidity(n(`find.end_first`))}return t.every(e=>e.reportValidity())}change(e){this.typed={...this.typed,...e};for(let e of this.renderRoot.querySelectorAll(`input`))e.setCustomValidity(``);this.dispatchEvent(new CustomEvent(`typed`,{detail:this.typed}))}toggle(e,t){let n=new Set(bt(this.typed));t?n.add(e):n.delete(e),this.change({cameras:[...n].join(`
`)})}async find(){let e=xt(this.typed);this.check()&&e&&await this.attempt(`find`,async()=>{let{cameras:t,start:n,end:r}=e;this.found=await this.context.api.findRecordings({cameras:t,start:n,end:r},this.caseId||void 0),this.foundFor=e})}time(e){let{t}=this.context,n=this.required||q(this.typed);return T`<div class="field">
      <label for=${e}
        >${t(`find.${e}`)} ${n?T`<span class="mark">${t(`common.required`)}</span>`:D}</label
      >
      <input
        id=${e}
        type="datetime-local"
        step="1"
        ?required=${n}
        aria-describedby="zone"
        .value=${this.typed[e]}
        @input=${t=>{this.change({[e]:t.target.value})}}
      />
    </div>`}result(e){let{t,clock:n,info:r}=this.context,i=this.foundFor,a=ft(e.overwritten_at,/* @__PURE__ */ new Date),o=r.roles.includes(`viewer`);return T`<li class="found">
      <h3>${e.camera_name}</h3>
      <p class="with-icon">
        <ha-icon icon=${e.error||!e.stretches.length?`mdi:film-off`:e.gaps.length?`mdi:alert`:`mdi:check-circle`}></ha-icon>
        ${vt(this.context.hass,t,e)}
      </p>
      ${!e.error&&i?ht(t,i,e.gaps):D}
      ${gt(t,n,e.gaps)}
      ${!e.error&&!e.exact?T`<p class="small soft">${t(`find.inexact`)}</p>`:D}
      ${e.clock_offset!==null&&Math.abs(e.clock_offset)>2?T`<p class="small soft">
            ${t(e.clock_offset>0?`find.clock_ahead`:`find.clock_behind`,{seconds:Math.abs(e.clock_offset)})}
          </p>`:D}
      ${e.overwritten_at?T`<p class="row">
            ${t(`find.overwritten_at`,{at:n.at(e.overwritten_at)})}
            ${a!==null&&a<48?mt(t,a):D}
          </p>`:D}
      ${o&&e.stretches.length?T`<div>
            <button
              type="button"
              aria-expanded=${this.watched===e.camera}
              @click=${()=>{this.watched=this.watched===e.camera?``:e.camera}}
            >
              <ha-icon icon=${this.watched===e.camera?`mdi:close`:`mdi:play`}></ha-icon>
              ${t(this.watched===e.camera?`watch.close`:`watch.open`)}
            </button>
          </div>`:D}
      ${this.watched===e.camera&&i?T`<niiza-cctv-watch
            .context=${this.context}
            .camera=${e.camera}
            .cameraName=${e.camera_name}
            .start=${i.start}
            .end=${i.end}
            .pick=${!0}
            @picked=${e=>{this.change({[e.detail.edge]:this.context.clock.field(e.detail.at)})}}
          ></niiza-cctv-watch>`:D}
    </li>`}render(){let{t:e,info:t}=this.context,n=bt(this.typed);return T`
      <fieldset>
        <legend>
          ${e(`find.cameras`)}
          ${this.required||q(this.typed)?T`<span class="mark">${e(`common.required`)}</span>`:D}
        </legend>
        <div class="choices">
          ${t.cameras.map(e=>T`<label class="choice"
                ><input
                  type="checkbox"
                  name="camera"
                  .checked=${n.includes(e.unique_id)}
                  @change=${t=>{this.toggle(e.unique_id,t.target.checked)}}
                />${e.name}</label
              >`)}
        </div>
        ${t.offline_cameras.length?T`<p class="soft small">
              ${e(`by_hand.offline_help`,{names:t.offline_cameras.map(e=>e.name).join(` / `)})}
            </p>`:D}
      </fieldset>
      <div class="fields">
        ${this.time(`start`)} ${this.time(`end`)}
        <div class="field">
          <label for="margin">${e(`find.margin`)}</label>
          <select
            id="margin"
            aria-describedby="margin-help"
            @change=${e=>{this.change({margin:e.target.value})}}
          >
            ${yt.map(t=>T`<option value=${t} ?selected=${this.typed.margin===String(t)}>
                  ${t<60?e(`find.seconds`,{seconds:t}):e(`find.minutes`,{minutes:t/60})}
                </option>`)}
          </select>
        </div>
        <div class="soft small wide">
          <div id="zone">${e(`find.zone`,{zone:this.context.clock.zoneName()})}</div>
          <div id="margin-help">${e(`find.margin_help`)}</div>
        </div>
      </div>
      <div class="row">
        <button type="button" ?disabled=${!!this.busy} @click=${this.find}>
          <ha-icon icon="mdi:movie-search"></ha-icon>${e(this.busy?`find.searching`:`find.search`)}
        </button>
        <span class="soft small">${e(`find.recorded`)}</span>
      </div>
      ${this.errorAlert()}
      <div role="status">
        ${this.found?T`<ul>
              ${this.found.map(e=>this.result(e))}
            </ul>`:D}
      </div>
    `}};function J(e,t){return t?`${t.width}×${t.height}`:e(`settings.unknown`)}function Y(e,t){if(t===null)return e(`settings.unknown`);let n=Math.round(t);return n?e(n>0?`settings.clock_ahead`:`settings.clock_behind`,{seconds:Math.abs(n)}):e(`settings.clock_right`)}function Ct(e,t,n){switch(t){case`ntp`:return n===`dhcp`?e(`settings.by_dhcp`):e(`settings.by_ntp`,{server:n??e(`settings.unknown`)});case`manual`:return e(`settings.by_hand`);default:return e(`settings.unknown`)}}function wt(e,t,n=!1){if(`audio`in t)return t.audio.length?e(`settings.audio_of`,{profiles:t.audio.join(`, `)}):e(`settings.audio_off`);if(`profiles`in t){let r=t.profiles.map(t=>t.recorded?e(`settings.recorded_size`,{size:J(e,t)}):J(e,t));return n?r.join(` / `):e(`settings.${t.mode}_sizes`,{sizes:r.join(` / `)})}let r=t.offset===null?null:Number(t.offset);return e(`settings.clock_values`,{mode:Ct(e,t.mode,t.ntp),offset:Y(e,r)})}var Tt={section:`mdi:office-building`,camera:`mdi:cctv`,offline_camera:`mdi:cctv-off`,tablet:`mdi:tablet`},Et={passed:`mdi:check-circle`,failed:`mdi:alert-octagon`},Dt=864e5;function X(e,t,n){return n===`passed`?e(`checks.passed`):L(e,`failed.${t}`,e(`checks.failed`))}function Ot(e){let t=/* @__PURE__ */ new Map;for(let n of e){let{object:e}=n,r=`${e.kind}:${e.id}`,i=t.get(r)??{object:e,checks:[]};i.checks.push(n),t.set(r,i)}return[...t.values()]}function kt({t:e},t){let[n,r]=t.failed?[`mdi:alert-octagon`,e(`checks.is_failed`)]:t.due_at===null?[`mdi:help-circle`,e(`checks.is_never`)]:t.due?[`mdi:clock-alert`,At(e,t.due_at)]:[`mdi:check-circle`,e(`checks.is_done`)];return T`<span class="chip ${t.due?`risk`:`done`}"><ha-icon icon=${n}></ha-icon>${r}</span>`}function At(e,t){let n=Math.floor((Date.now()-new Date(t).getTime())/Dt);return n>0?e(`checks.is_overdue`,{days:n}):e(`checks.is_due`)}function jt({t:e,clock:t},n){let{last:r}=n;return r?T`<span class="soft small">
    ${e(`checks.last`,{at:t.at(r.at),person:r.person.name,result:X(e,n.kind,r.result)})}
    ${n.due||n.due_at===null?D:T`<br />${e(`checks.next`,{at:t.date(n.due_at)})}`}
  </span>`:D}function Mt({t:e},t){let n=Object.entries(t.fields).filter(([,e])=>e);return T`${t.note?T`<p class="note">${t.note}</p>`:D}
  ${n.length?T`<dl class="small">
        ${n.map(([t,n])=>T`<dt>${L(e,`fields.${t}`,t)}</dt>
              <dd>${n}</dd>`)}
      </dl>`:D}`}var Nt=[`what`,`reason`,`count`,`kind`,`setting`,`result`,`outcome`,`before`,`after`,`until`,`by`,`note`,`reasons`,`recipient`,`medium`,`medium_serial`,`serial`,`sha256`,`clock_offset`,`witness`,`clip`,`error`];function Pt(e,t,n){let{t:r}=e,i=(e,t)=>r(`history.told`,{name:L(r,`fields.${e}`,e),text:t}),a=Nt.flatMap(r=>{let a=Ft(e,t,n,r,t.details[r]);return a?[i(r,a)]:[]}),{fields:o}=t.details;if(typeof o==`object`&&o)for(let[e,t]of Object.entries(o))typeof t==`string`&&t&&a.push(i(e,t));return a}function Ft(e,t,n,r,i){let{t:a,hass:o,clock:s}=e;if(typeof i==`number`)return r===`clock_offset`?Y(a,i):r===`count`&&i>1?String(i):``;if(typeof i==`object`)return It(e,r,i);if(typeof i!=`string`||!i)return``;let{clip:c,kind_name:l}=t.details,u=n.camera(typeof c==`string`?c:``)??``;switch(r){case`kind`:return`object_kind`in t.details?typeof l==`string`?l:o.localize(`component.niiza_cctv.selector.check_kind.options.${i}`)||i:``;case`result`:{let e=t.details.kind;return i===`passed`||i===`failed`?X(a,typeof e==`string`?e:``,i):i}case`setting`:return L(a,`setting.${i}`,i);case`outcome`:return L(a,`outcomes.${i}`,i);case`by`:return L(a,`by.${i}`,i);case`until`:return s.at(i);case`clip`:return u?a(`history.clip`,{camera:u,clip:i}):i;case`error`:return _t(a,i,u)??G(o,i,u);case`what`:return L(a,`deeds.${i.replace(/_case$/,``)}`,``)||o.localize(`component.niiza_cctv.services.${i}.name`)||i;case`reason`:return t.action===`refused`?G(o,i,u,n.case):i;default:return i}}function It({t:e},t,n){return n===null?``:t===`witness`?`name`in n?String(n.name):``:`audio`in n||`profiles`in n||`mode`in n?wt(e,n,t===`before`):``}var Lt=[`received`,`preserved`,`approved`,`released`,`handed_over`,`purged`],Rt={add_clip:`mdi:movie-plus`,register_footage:`mdi:usb-flash-drive`,approve:`mdi:check-decagram`,reject:`mdi:close-octagon`,release:`mdi:package-variant-closed-check`,hand_over:`mdi:handshake`,conclude:`mdi:flag-checkered`,purge:`mdi:delete`},zt={requested:`mdi:progress-download`,sealed:`mdi:lock-check`,failed:`mdi:alert-circle`,cancelled:`mdi:cancel`,removed:`mdi:delete-empty`};function Bt(e){return e.by_hand?e.by_hand.network===`none`?[]:[`card`]:Vt[e.state]}var Vt={requested:[`card`],sealed:[`sealed`,`card`],failed:[`card`],cancelled:[`card`],removed:[]},Ht=e=>Object.fromEntries((e?.passages??[]).flatMap(e=>e.state===`sealed`&&e.digest?[[e.clip,e.digest]]:[])),Ut=class extends B{static properties={...B.properties,caseId:{type:String},shown:{state:!0},asking:{state:!0},typed:{state:!0},passage:{state:!0},released:{state:!0},downloaded:{state:!0},copied:{state:!0},watched:{state:!0}};static styles=[F,o`
      .way {
        counter-reset: step;
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      .way li {
        align-items: center;
        border-block-start: 4px solid var(--divider-color);
        color: var(--secondary-text-color);
        display: flex;
        flex: 1 1 100px;
        gap: 8px;
        padding-block-start: 8px;
      }
      .way li.past {
        border-color: var(--success-color);
      }
      .way li[aria-current] {
        border-color: var(--primary-color);
        color: var(--primary-text-color);
        font-weight: 500;
      }
      .here {
        font-size: 1.35rem;
        margin-block: 20px 4px;
      }
      .next {
        font-size: 1.1rem;
      }
      .offers {
        margin-block-start: 16px;
      }
      .offers p {
        margin-block-start: 6px;
      }
      .offers {
        display: grid;
        gap: 12px;
        grid-template-columns: repeat(auto-fill, minmax(min(100%, 240px), 1fr));
      }
      .offers button {
        inline-size: 100%;
      }
      .clips {
        display: grid;
        gap: 16px;
      }
      .clips > li {
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        display: grid;
        gap: 8px;
        padding: 16px;
      }
      .passphrase {
        border: 2px solid var(--primary-color);
        border-radius: 12px;
        font-size: 1.4rem;
        padding: 12px 16px;
        user-select: all;
      }
      .history {
        border-inline-start: 2px solid var(--divider-color);
        display: grid;
        gap: 14px;
        margin-inline-start: 6px;
        padding-inline-start: 20px;
      }
      .history li {
        position: relative;
      }
      .history li::before {
        background: var(--card-background-color);
        block-size: 10px;
        border: 2px solid var(--secondary-text-color);
        border-radius: 50%;
        content: "";
        inline-size: 10px;
        inset-block-start: 7px;
        inset-inline-start: -28px;
        position: absolute;
      }
      .history li.refused::before {
        background: var(--error-color);
        border-color: var(--error-color);
        border-radius: 0;
      }
      .form {
        display: grid;
        gap: 16px;
      }
      .form .row {
        justify-content: flex-end;
      }
      details summary {
        cursor: pointer;
        min-block-size: 40px;
      }
    `];constructor(){super(),this.caseId=``,this.asking=``,this.typed={},this.passage=K,this.downloaded=!1,this.copied=``,this.watched=``}willUpdate(e){e.has(`caseId`)&&(this.shown=void 0,this.released=void 0,this.asking=``,this.refresh()),super.willUpdate(e)}async read(){let e=this.caseId,t=await this.context.api.getCase(e);e===this.caseId&&(this.shown=t)}draftName(e){return`case/${this.caseId}/${e}`}ask(e){this.error=``,this.asking=e;let t=qe(this.draftName(e));if(e===`add_clip`){this.passage={...K,...t};return}if(this.typed=t,e!==`hand_over`)return;this.typed.recipient??=this.shown?.request.requester??``;let n=this.shown?.only_by_hand?this.shown.passages.find(e=>e.state===`sealed`)?.by_hand:null;this.typed.medium??=n?.medium??``,this.typed.medium_serial??=n?.medium_serial??``}setField(e,t){this.asking&&(this.typed={...this.typed,[e]:t},Je(this.draftName(this.asking),this.typed))}dismiss(){this.asking=``,this.error=``}async submit(e,t){if(e.preventDefault(),!e.target.reportValidity())return;let n=e=>this.typed[e]?.trim()??``,{api:r}=this.context,i=this.caseId;await this.attempt(t,async()=>{switch(t){case`add_clip`:{let e=this.renderRoot.querySelector(`#passage`),t=xt(this.passage);if(!e?.check()||!t)return;await r.exportClip(i,t);break}case`register_footage`:{let e=this.renderRoot.querySelector(`#by-hand`)?.read();if(!e)return;await r.registerFootage(i,e);break}case`approve`:await r.approve(i,n(`note`),Ht(this.shown));break;case`reject`:await r.reject(i,n(`reason`));break;case`release`:this.released=await r.release(i,this.typed.encrypt===`yes`),this.downloaded=!1,this.copied=``;break;case`hand_over`:await r.handOver(i,n(`recipient`),n(`medium`),n(`medium_serial`));break;case`conclude`:await r.conclude(i,n(`outcome`),n(`reasons`));break;case`purge`:await r.purge(i)}Ze(this.draftName(t)),this.asking=``,await this.refresh()})&&t===`release`&&this.released&&(await this.updateComplete,this.renderRoot.querySelector(`#package`)?.focus())}async cancelClip(e){let t=e.by_hand?`by_hand.withdraw_question`:`clip.cancel_question`;window.confirm(this.context.t(t,{camera:e.camera_name}))&&await this.attempt(e.clip,async()=>{await this.context.api.cancelClip(e.clip),await this.refresh()})}async retryClip(e){await this.attempt(e.clip,async()=>{e.state===`failed`&&await this.context.api.cancelClip(e.clip),await this.context.api.exportClip(this.caseId,{cameras:[e.camera],start:e.start,end:e.end,margin:0}),await this.refresh()})}line(e,t=!0,n=``){let{t:r}=this.context;return T`<div class="field">
      <label for=${e}
        >${L(r,`fields.${e}`,e)}
        ${t?T`<span class="mark">${r(`common.required`)}</span>`:D}</label
      >
      ${n?T`<span class="soft small" id="${e}-help">${n}</span>`:D}
      <input
        id=${e}
        type="text"
        maxlength="200"
        autocomplete="off"
        ?required=${t}
        aria-describedby=${n?`${e}-help`:D}
        .value=${this.typed[e]??``}
        @input=${t=>{this.setField(e,t.target.value)}}
      />
    </div>`}long(e,t){let{t:n}=this.context;return T`<div class="field">
      <label for=${e}
        >${L(n,`fields.${e}`,e)}
        ${t?T`<span class="mark">${n(`common.required`)}</span>`:D}</label
      >
      <textarea
        id=${e}
        maxlength="1000"
        ?required=${t}
        .value=${this.typed[e]??``}
        @input=${t=>{this.setField(e,t.target.value)}}
      ></textarea>
    </div>`}questions(e,t){let{t:n,info:r}=this.context;switch(e){case`add_clip`:return T`<niiza-cctv-passage
          id="passage"
          .context=${this.context}
          .typed=${this.passage}
          .caseId=${t.case}
          .required=${!0}
          @typed=${e=>{this.passage=e.detail,Je(this.draftName(`add_clip`),q(this.passage)?{...this.passage}:{})}}
        ></niiza-cctv-passage>`;case`register_footage`:return T`<niiza-cctv-by-hand
          id="by-hand"
          .context=${this.context}
          .typed=${this.typed}
          @typed=${e=>{this.setField(...e.detail)}}
        ></niiza-cctv-by-hand>`;case`approve`:return T`<ul>
            ${t.passages.filter(e=>e.state===`sealed`).map(e=>T`<li>
                    <strong>${e.camera_name}</strong> ${this.span(e)}<br />
                    ${e.by_hand?T`<span class="small">${n(`by_hand.not_here`)}</span><br />`:D}
                    <span class="small mono"
                      >${e.by_hand&&!e.by_hand.sha256?n(`by_hand.entry_hash`):`SHA-256`} ${e.digest}</span
                    >
                  </li>`)}
          </ul>
          ${this.long(`note`,!1)}`;case`reject`:return this.long(`reason`,!0);case`release`:return T`<fieldset class="form">
          <legend>${n(`release.form`)}</legend>
          ${[`no`,`yes`].map(e=>T`<label class="choice"
                ><input
                  type="radio"
                  name="encrypt"
                  .checked=${(this.typed.encrypt??`no`)===e}
                  @change=${()=>{this.setField(`encrypt`,e)}}
                />${n(e===`yes`?`release.encrypted`:`release.plain`)}</label
              >`)}
        </fieldset>`;case`hand_over`:return T`${this.line(`recipient`)} ${this.line(`medium`,!0,n(`help.medium`))}
        ${this.line(`medium_serial`,!0,n(`help.medium_serial`))}`;case`conclude`:return T`<fieldset>
            <legend>${n(`fields.outcome`)} <span class="mark">${n(`common.required`)}</span></legend>
            <div class="choices">
              ${at(t,r).map(e=>T`<label class="choice"
                    ><input
                      type="radio"
                      name="outcome"
                      required
                      .checked=${this.typed.outcome===e}
                      @change=${()=>{this.setField(`outcome`,e)}}
                    />${n(`outcomes.${e}`)}</label
                  >`)}
            </div>
          </fieldset>
          ${this.long(`reasons`,!0)}`;case`purge`:return D}}question(e,t){let{t:n}=this.context,r=T`<form class="form" @submit=${t=>void this.submit(t,e)}>
      <p>${n(`ask.${e}`)}</p>
      ${this.questions(e,t)} ${this.errorAlert()}
      <div class="row">
        <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.dismiss}>
          ${n(`common.back`)}
        </button>
        <button type="submit" class=${e===`purge`||e===`reject`?`danger`:`main`} ?disabled=${!!this.busy}>
          <ha-icon icon=${Rt[e]}></ha-icon>
          ${n(this.busy===e?e===`release`?`release.making`:`common.working`:`do.${e}`)}
        </button>
      </div>
    </form>`,i=n(`do.${e}`);return e===`add_clip`||e===`register_footage`?T`<ha-card><h2>${i}</h2>${r}</ha-card>`:T`<niiza-cctv-dialog .heading=${i} @dismissed=${this.dismiss}>${r}</niiza-cctv-dialog>`}span(e){let{t,clock:n}=this.context;return t(`clip.span`,{start:n.at(e.start),end:n.at(e.end)})}way(e){let{t}=this.context,n=Lt.indexOf(e.state);return n<0?D:T`<ol class="way" aria-label=${t(`case.way`)}>
      ${Lt.map((e,r)=>T`<li class=${r<n?`past`:``} aria-current=${r===n?`step`:D}>
            <ha-icon icon=${r<n?`mdi:check`:pt[e]}></ha-icon>
            <span>${t(`states.${e}`)}</span>
          </li>`)}
    </ol>`}offer({act:e,why:t},n,r){let{t:i}=this.context;return T`<div>
      <button
        class=${t?``:e===`purge`||e===`reject`?`danger`:n?`main`:``}
        ?disabled=${t!==null}
        aria-describedby=${t?`why-${e}`:D}
        @click=${()=>{this.ask(e)}}
      >
        <ha-icon icon=${Rt[e]}></ha-icon>${i(e===`release`&&r?`do.release_again`:`do.${e}`)}
      </button>
      ${t?T`<p class="small soft" id="why-${e}">${i(t)}</p>`:D}
    </div>`}next(e){let{t,clock:n,info:r}=this.context,i=ct(e,r),a=ft(e.overwritten_at,/* @__PURE__ */ new Date);return T`<ha-card>
      ${this.way(e)}
      <h2 class="with-icon here">
        <ha-icon icon=${pt[e.state]}></ha-icon>${t(`states.${e.state}`)}
      </h2>
      <p class="next">${t(ut(e,r))}</p>
      ${e.overwritten_at&&W.has(e.state)?T`<p class="row">
            ${t(`case.overwritten_at`,{at:n.at(e.overwritten_at)})}
            ${a!==null&&a<48?mt(t,a):D}
          </p>`:D}
      ${e.kept_until?T`<p class="soft">
            ${t(W.has(e.state)?`case.expires`:`case.removed_at`,{at:n.at(e.kept_until)})}
          </p>`:D}
      <div class="offers">${i.map((t,n)=>this.offer(t,n===0,e.state===`released`))}</div>
      ${this.asking?D:this.errorAlert()}
    </ha-card>`}package(e){let{t,clock:n}=this.context;return T`<ha-card id="package" tabindex="-1" role="region" aria-labelledby="package-heading">
      <h2 id="package-heading">${t(`release.heading`)}</h2>
      ${e.passphrase?T`<ha-alert alert-type="warning">${t(`release.passphrase_warning`)}</ha-alert>
            <p></p>
            <p class="passphrase mono" aria-label=${t(`release.passphrase`)}>${e.passphrase}</p>
            <p class="row">
              <button @click=${()=>void this.copyPassphrase(e.passphrase??``)}>
                <ha-icon icon="mdi:content-copy"></ha-icon>${t(`release.copy`)}
              </button>
              <span role="status">${this.copied}</span>
            </p>`:D}
      ${this.downloaded?T`<p>${t(`release.downloaded`)}</p>`:T`<p class="row">
            <a
              class="button main"
              href=${e.link}
              download
              @click=${()=>{setTimeout(()=>{this.downloaded=!0})}}
              ><ha-icon icon="mdi:download"></ha-icon>${t(`release.download`,{name:e.file.name})}</a
            >
            <span>${t(`release.once`,{at:n.at(e.expires)})} ${t(`release.anyone`)}</span>
          </p>`}
      <dl class="small">
        <dt>SHA-256</dt>
        <dd class="mono">${e.file.sha256}</dd>
      </dl>
    </ha-card>`}async copyPassphrase(e){let{t}=this.context;this.copied=await Ve(e)?t(`release.copied`):t(`release.not_copied`)}progress(e){let{t}=this.context,{progress:n}=e;if(!n||e.state!==`requested`)return D;let r=Math.floor(n.percent),i=[L(t,`progress.${n.state}`,n.state),n.state===`queued`&&n.place>0?t(`progress.place`,{place:n.place}):``,n.remaining===null?``:t(`progress.remaining`,{time:We(n.remaining)})].filter(Boolean);return T`<div>
      <progress max="100" .value=${n.percent} aria-label=${t(`progress.label`,{camera:e.camera_name})}>
        ${r}%
      </progress>
      <div class="row spread small"><span>${i.join(`・`)}</span><span>${r}%</span></div>
    </div>`}clip(e,t){let{t:n,clock:r,info:i}=this.context,a=i.roles.includes(`exporter`),o=ft(e.overwritten_at,/* @__PURE__ */ new Date),s=(t.state===`purged`?[]:Bt(e)).filter(e=>e===`sealed`||i.roles.includes(`viewer`)),c=W.has(t.state)&&t.state!==`released`&&a,l=e.state===`requested`||e.state===`failed`;return T`<li>
      <div class="row spread">
        <h3>${e.camera_name}</h3>
        <span class="chip ${e.state===`failed`?`risk`:``}"
          >${e.by_hand&&e.state===`sealed`?T`<ha-icon icon="mdi:usb-flash-drive"></ha-icon>${n(`by_hand.taken`)}`:T`<ha-icon icon=${zt[e.state]}></ha-icon>${n(`clip.${e.state}`)}`}</span
        >
      </div>
      <p>${this.span(e)}</p>
      ${this.progress(e)}
      ${e.error&&l?this.trouble(e,e.error):D}
      ${e.overwritten_at&&l?T`<p class="row small">
            ${n(`find.overwritten_at`,{at:r.at(e.overwritten_at)})}
            ${o!==null&&o<48?mt(n,o):D}
          </p>`:D}
      ${e.sealed?this.sealed(e):D} ${e.by_hand?this.byHand(e,e.by_hand):D}
      <div class="row">
        ${s.map(t=>this.watchButton(e,t))}
        ${c&&(l||e.by_hand&&e.state===`sealed`&&t.state!==`approved`)?T`<button ?disabled=${!!this.busy} @click=${()=>void this.cancelClip(e)}>
              <ha-icon icon="mdi:cancel"></ha-icon>${n(e.by_hand?`by_hand.withdraw`:`clip.cancel`)}
            </button>`:D}
        ${c&&!e.by_hand&&(e.state===`failed`||e.state===`cancelled`)?T`<button ?disabled=${!!this.busy} @click=${()=>void this.retryClip(e)}>
              <ha-icon icon="mdi:refresh"></ha-icon>${n(`clip.retry`)}
            </button>`:D}
      </div>
      ${s.includes(`sealed`)&&this.watched===`sealed/${e.clip}`?T`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${e.clip}
            .cameraName=${e.camera_name}
          ></niiza-cctv-sealed>`:D}
      ${s.includes(`card`)&&this.watched===`card/${e.clip}`?T`<niiza-cctv-watch
            .context=${this.context}
            .camera=${e.camera}
            .cameraName=${e.camera_name}
            .start=${e.start}
            .end=${e.end}
            .kept=${e.state===`sealed`}
          ></niiza-cctv-watch>`:D}
    </li>`}watchButton(e,t){let{t:n}=this.context,r=`${t}/${e.clip}`,i=this.watched===r;return T`<button
      aria-expanded=${i}
      @click=${()=>{this.watched=i?``:r}}
    >
      <ha-icon icon=${i?`mdi:close`:t===`sealed`?`mdi:play-box-lock`:`mdi:play`}></ha-icon>${n(i?`watch.close`:t===`sealed`?`watch.open_sealed`:`watch.open_card`)}
    </button>`}trouble(e,t){let{t:n,hass:r}=this.context,i=G(r,t,e.camera_name),a=e.state===`requested`?e.progress?.state:void 0;return a===`retrieving`||a===`writing`?T`<p class="small soft">${n(`clip.setback`,{error:i})}</p>`:T`<ha-alert alert-type="warning"
      >${_t(n,t,e.camera_name)??n(`clip.error`,{error:i,attempts:e.attempts})}</ha-alert
    >`}byHand(e,t){let{t:n}=this.context,{clock_offset:r}=t,i=[[n(`by_hand.people`),n(`by_hand.two`,{person:e.asked_by.name,second:t.second_person.name})],[n(`fields.medium`),t.medium],[n(`fields.medium_serial`),t.medium_serial],[`SHA-256`,t.sha256??n(`by_hand.no_hash`)],[n(`by_hand.clock`),r===null?n(`by_hand.clock_not_read`):Y(n,r)],[n(`fields.note`),t.note]];return T`
      <p class="small">${n(`by_hand.not_here`)}</p>
      ${t.network===`none`?D:T`<ha-alert alert-type=${t.network===`up`?`warning`:`info`}
            >${n(t.network===`up`?`by_hand.was_up`:`by_hand.was_down`)}</ha-alert
          >`}
      <dl class="small">
        ${i.filter(([,e])=>e).map(([e,t])=>T`<dt>${e}</dt>
                <dd class=${e===`SHA-256`?`mono`:``}>${t}</dd>`)}
      </dl>
    `}sealed(e){let{t,clock:n}=this.context,{sealed:r}=e;if(!r)return D;let i=[r.master,r.viewing_copy].filter(e=>e!==null);return T`
      <p class="small">
        ${t(`clip.facts`,{width:r.width,height:r.height,codec:r.codec.toUpperCase(),pictures:r.pictures,first:n.at(r.first_picture),last:n.at(r.last_picture)})}
        ${r.damaged?t(`clip.damaged`,{count:r.damaged}):D}
        ${r.signed_by_camera?t(`clip.signed`):D}
      </p>
      ${r.gaps.length?gt(t,n,r.gaps):T`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${t(`find.complete`)}</p>`}
      <details>
        <summary class="small">${t(`clip.hashes`)}</summary>
        <dl class="small">
          ${i.map(e=>T`<dt>${e.name}</dt>
                <dd class="mono">${t(`clip.size`,{mb:(e.size/1e6).toFixed(1)})} ${e.sha256}</dd>`)}
        </dl>
      </details>
    `}step(e){let{t,clock:n}=this.context,r=Pt(this.context,e,{case:this.caseId,camera:e=>this.shown?.passages.find(t=>t.clip===e)?.camera_name});return T`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong>${L(t,`history.${e.action}`,e.action)}</strong>
        <span>${e.person?.name??t(`history.nobody`)}</span>
      </div>
      <time class="soft small" datetime=${e.at}>${n.at(e.at)}</time>
      ${r.map(e=>T`<div class="small">${e}</div>`)}
    </li>`}render(){let{t:e}=this.context,{shown:t}=this;return t?T`<div class="page">
      <p><a class="with-icon" href="${R}/cases"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`case.back`)}</a></p>
      <h1 tabindex="-1">${e(`case.heading`,{case:t.case,kind:e(`kinds.${t.kind}`)})}</h1>
      ${this.errorAlert(this.unread)} ${this.next(t)}
      ${this.released&&W.has(t.state)?this.package(this.released):D}
      ${this.asking?this.question(this.asking,t):D}
      <ha-card>
        <h2>${e(`case.footage`)}</h2>
        ${t.passages.length?T`<ul class="clips">
              ${t.passages.map(e=>this.clip(e,t))}
            </ul>`:T`<p class="soft">${e(`case.no_footage`)}</p>`}
      </ha-card>
      <ha-card>
        <h2>${e(`case.request`)}</h2>
        <dl>
          ${Object.entries(t.request).filter(([,e])=>e).map(([t,n])=>T`<dt>${L(e,`fields.${t}`,t)}</dt>
                  <dd>${n}</dd>`)}
        </dl>
      </ha-card>
      <ha-card>
        <h2>${e(`case.history`)}</h2>
        <ol class="history">
          ${t.history.map(e=>this.step(e))}
        </ol>
      </ha-card>
    </div>`:T`<div class="page">
        <h1 tabindex="-1">${this.caseId}</h1>
        ${this.unread?this.errorAlert(this.unread):T`<p role="status">${e(`common.loading`)}</p>`}
        <p><a href="${R}/cases">${e(`case.back`)}</a></p>
      </div>`}},Wt=class extends B{static properties={...B.properties,cases:{state:!0},everything:{state:!0},words:{state:!0}};static styles=[F,o`
      .list {
        display: grid;
        gap: 10px;
      }
      .list a {
        background: var(--ha-card-background, var(--card-background-color));
        border: 1px solid var(--divider-color);
        border-radius: 12px;
        color: inherit;
        display: grid;
        gap: 6px 20px;
        grid-template-columns: 8.5rem minmax(0, 1fr) auto;
        padding: 14px 20px;
        text-decoration: none;
      }
      .list a:hover {
        border-color: var(--primary-color);
      }
      .number {
        font-size: 1.15rem;
        font-weight: 500;
      }
      .chips {
        align-items: flex-end;
        display: flex;
        flex-direction: column;
        gap: 6px;
      }
      .tools {
        align-items: end;
      }
      .tools .field {
        flex: 1 1 240px;
      }
      .filter {
        display: flex;
        gap: 8px;
      }
      @media (max-width: 700px) {
        .list a {
          grid-template-columns: 1fr;
        }
        .chips {
          align-items: center;
          flex-direction: row;
          flex-wrap: wrap;
        }
      }
    `];constructor(){super(),this.everything=!1,this.words=``}async read(){this.cases=await this.context.api.listCases()}shown(){let e=this.words.trim().toLowerCase();return(this.cases??[]).filter(t=>(this.everything||W.has(t.state))&&[t.case,t.document_number,t.organisation].some(t=>t.toLowerCase().includes(e)))}filter(e,t){return T`<label class="choice"
      ><input
        type="radio"
        name="filter"
        .checked=${this.everything===e}
        @change=${()=>{this.everything=e}}
      />${t}</label
    >`}row(e){let{t,clock:n,info:r}=this.context,i=ft(e.overwritten_at,/* @__PURE__ */ new Date);return T`<li>
      <a href="${R}/case/${e.case}">
        <span>
          <span class="number">${e.case}</span><br />
          <span class="soft small">${n.date(e.created_at)}</span>
        </span>
        <span>
          <strong>${t(`kinds.${e.kind}`)}</strong><br />
          ${[e.organisation,e.document_number].filter(Boolean).join(`　`)}<br />
          <span class="soft small"
            >${t(`cases.line`,{person:e.created_by.name,sealed:e.sealed,clips:e.clips})}
            ${e.percent===null?D:T`・${t(`cases.percent`,{percent:Math.floor(e.percent)})}`}</span
          >
        </span>
        <span class="chips">
          <span class="chip ${W.has(e.state)?``:`done`}"
            ><ha-icon icon=${pt[e.state]}></ha-icon>${t(`states.${e.state}`)}</span
          >
          ${dt(e,r)?T`<span class="chip turn"
                ><ha-icon icon="mdi:account-arrow-left"></ha-icon>${t(`cases.your_turn`)}</span
              >`:D}
          ${lt(e)?T`<span class="chip risk"
                ><ha-icon icon="mdi:alert-circle"></ha-icon>${t(`cases.failed`,{failed:e.failed})}</span
              >`:D}
          ${i!==null&&i<48&&W.has(e.state)?mt(t,i):D}
        </span>
        <span class="soft small" style="grid-column: 1 / -1">${t(ut(e,r))}</span>
      </a>
    </li>`}render(){let{t:e,info:t}=this.context,n=this.shown();return T`<div class="page">
      <div class="row spread">
        <h1 tabindex="-1">${e(`cases.heading`)}</h1>
        ${t.roles.includes(`exporter`)?T`<a class="button main" href="${R}/new"
              ><ha-icon icon="mdi:folder-plus"></ha-icon>${e(`nav.new`)}</a
            >`:D}
      </div>
      <div class="row tools">
        <fieldset class="filter">
          <legend>${e(`cases.filter`)}</legend>
          ${this.filter(!1,e(`cases.open`))} ${this.filter(!0,e(`cases.all`))}
        </fieldset>
        <div class="field">
          <label for="words">${e(`cases.search`)}</label>
          <input
            id="words"
            type="search"
            autocomplete="off"
            .value=${this.words}
            @input=${e=>{this.words=e.target.value}}
          />
        </div>
      </div>
      ${this.errorAlert(this.unread)}
      <div role="status" class="soft">
        ${this.cases?e(`cases.count`,{count:n.length}):e(`common.loading`)}
      </div>
      <ul class="list" aria-label=${e(`cases.heading`)}>
        ${n.map(e=>this.row(e))}
      </ul>
      ${this.cases&&!this.cases.length?T`<ha-card><p>${e(t.roles.includes(`exporter`)?`cases.none`:`cases.none_to_decide`)}</p></ha-card>`:D}
    </div>`}},Gt=6e5,Kt=class extends B{static properties={...B.properties,checkId:{type:String},check:{state:!0},may:{state:!0},history:{state:!0},missing:{state:!0},said:{state:!0}};static styles=[F,o`
      .page {
        max-width: 760px;
      }
      .history {
        display: grid;
      }
      .history li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 6px;
        padding-block: 14px;
      }
      .history li:first-child {
        border: 0;
      }
      .history p {
        margin: 0;
        overflow-wrap: anywhere;
        white-space: pre-wrap;
      }
      .history .failed {
        color: var(--error-color);
      }
      .history img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 420px;
        object-fit: contain;
      }
    `];historyOf=``;historyAt=0;constructor(){super(),this.checkId=``,this.may=!1,this.history=[],this.missing=!1,this.said=``}willUpdate(e){e.has(`checkId`)&&(this.check=void 0,this.history=[],this.historyOf=``,this.said=``,this.refresh()),super.willUpdate(e)}async read(){let e=this.checkId,{api:t}=this.context,{checks:n,may:r}=await t.checks(),i=n.find(t=>t.id===e);if(e!==this.checkId)return;this.check=i,this.missing=!i,this.may=r[e]??!1;let a=i?.last?.at??``;if(a===this.historyOf&&Date.now()-this.historyAt<Gt)return;let o=a?await t.checkHistory(e):[];e===this.checkId&&(this.history=o,this.historyOf=a,this.historyAt=Date.now())}async recorded(e,t){let{t:n}=this.context;this.said=n(`checks.recorded`,{object:e.object.name,name:e.name,result:X(n,e.kind,t)}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#said`)?.focus()}record(e,t){let{t:n,clock:r}=this.context;return T`<li>
      <div class="row spread">
        <strong class="with-icon ${t.result}"
          ><ha-icon icon=${Et[t.result]}></ha-icon>${X(n,e.kind,t.result)}</strong
        >
        <span>${t.person.name}</span>
      </div>
      <time class="soft small" datetime=${t.at}>${r.at(t.at)}</time>
      ${Mt(this.context,t)}
      ${t.photo?T`<img
            src=${t.photo}
            loading="lazy"
            alt=${n(`photo.of`,{at:r.at(t.at),person:t.person.name})}
          />`:D}
    </li>`}page(e){let{t}=this.context;return T`<ha-card>
        <p>${kt(this.context,e)}</p>
        <p>${jt(this.context,e)}</p>
        ${this.may?T`<niiza-cctv-check-form
              .context=${this.context}
              .check=${e}
              @recorded=${t=>void this.recorded(e,t.detail)}
            ></niiza-cctv-check-form>`:T`<p class="soft">${t(`checks.not_yours`)}</p>`}
      </ha-card>
      <ha-card>
        <h2>${t(`checks.history`)}</h2>
        ${this.history.length?T`<ol class="history">
              ${this.history.map(t=>this.record(e,t))}
            </ol>`:T`<p class="soft">${t(`checks.never`)}</p>`}
      </ha-card>`}render(){let{t:e}=this.context,{check:t}=this;return T`<div class="page">
      <p><a class="with-icon" href="${R}/checks"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`checks.back`)}</a></p>
      <div>
        <h1 tabindex="-1">${t?.name??e(`checks.heading`)}</h1>
        ${t?T`<p class="with-icon"><ha-icon icon=${Tt[t.object.kind]}></ha-icon>${t.object.name}</p>`:D}
      </div>
      ${this.errorAlert(this.unread)}
      ${this.said?T`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`:D}
      ${t?this.page(t):this.missing?T`<ha-alert alert-type="info">${e(`checks.missing`)}</ha-alert>`:this.unread?D:T`<p role="status">${e(`common.loading`)}</p>`}
    </div>`}},qt=1600,Jt=.85,Yt=2e7,Xt=6e4;function Zt(e,t){let n=Math.min(1,qt/Math.max(e,t));return[Math.max(1,Math.round(e*n)),Math.max(1,Math.round(t*n))]}async function Qt(e){if(!e.type.startsWith(`image/`))throw new I(`photo.no_picture`);try{let t=await createImageBitmap(e,{imageOrientation:`from-image`}),[n,r]=Zt(t.width,t.height),i=Object.assign(document.createElement(`canvas`),{width:n,height:r});i.getContext(`2d`)?.drawImage(t,0,0,n,r),t.close();let a=await new Promise(e=>{i.toBlob(e,`image/jpeg`,Jt)});if(a)return a}catch{}if(e.size>Yt)throw new I(`photo.too_large`);return e}async function $t(e,t,n){e.auth.expired&&await e.auth.refreshAccessToken().catch(()=>{throw new I(`photo.offline`)});let r=new FormData;return r.append(`file`,t,t.type===`image/jpeg`?`photo.jpg`:`photo`),new Promise((t,i)=>{let a=new XMLHttpRequest,o,s=()=>{clearTimeout(o),o=setTimeout(()=>{a.abort()},Xt)},c=()=>{clearTimeout(o),i(new I(`photo.offline`))};a.open(`POST`,`/api/file_upload`),a.setRequestHeader(`Authorization`,`Bearer ${e.auth.accessToken}`),a.upload.addEventListener(`progress`,({loaded:e,total:t})=>{s(),n(t?Math.round(e/t*100):0)}),a.addEventListener(`error`,c),a.addEventListener(`abort`,c),a.addEventListener(`load`,()=>{clearTimeout(o);let e=en(a.responseText);a.status===200&&e?t(e):i(new I(a.status===413?`photo.too_large`:`photo.refused`,{status:a.status}))}),s(),a.send(r)})}function en(e){try{let{file_id:t}=JSON.parse(e);return typeof t==`string`?t:``}catch{return``}}async function tn(e,t){await e.fetchWithAuth(`/api/file_upload`,{method:`DELETE`,headers:{"Content-Type":`application/json`},body:JSON.stringify({file_id:t})}).catch(()=>void 0)}var nn=class extends z{static properties={...z.properties,check:{attribute:!1},typed:{state:!0},taken:{state:!0},percent:{state:!0}};static styles=[F,o`
      form {
        display: grid;
        gap: 16px;
      }
      .results {
        display: grid;
        gap: 8px;
        grid-template-columns: 1fr 1fr;
      }
      legend {
        /* Heard, not seen: there may be twenty of them below each other. */
        block-size: 1px;
        clip-path: inset(50%);
        inline-size: 1px;
        margin: 0;
        overflow: hidden;
        position: absolute;
        white-space: nowrap;
      }
      .results .choice {
        gap: 7px;
        min-block-size: 60px;
        padding-inline: 9px;
      }
      .results .choice.failed:has(:checked) {
        border-color: var(--error-color);
        box-shadow: inset 0 0 0 1px var(--error-color);
      }
      .camera {
        inline-size: 100%;
        position: relative;
      }
      .camera:focus-within {
        outline: 3px solid var(--primary-color);
        outline-offset: 2px;
      }
      /* There for keyboards and screen readers; what is seen is its label. */
      .camera input:not([type="radio"], [type="checkbox"]) {
        block-size: 100%;
        cursor: pointer;
        inset: 0;
        min-block-size: 0;
        opacity: 0;
        padding: 0;
        position: absolute;
      }
      figure {
        display: grid;
        gap: 8px;
        margin: 0;
      }
      figure img {
        background: var(--divider-color);
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 320px;
        object-fit: contain;
      }
      button[type="submit"] {
        inline-size: 100%;
        min-block-size: 56px;
      }
      button.failed,
      button.failed:hover:not(:disabled) {
        background: var(--error-color);
        border-color: var(--error-color);
        color: var(--text-primary-color, #fff);
      }
    `];shownAs=``;checkId=``;constructor(){super(),this.typed={},this.percent=0}disconnectedCallback(){super.disconnectedCallback(),this.unshow()}willUpdate(e){e.has(`check`)&&this.check.id!==this.checkId&&(this.checkId=this.check.id,this.typed=qe(this.draftName()),this.taken=Ye(this.draftName()))}draftName(){return`check/${this.checkId}`}unshow(){this.shownAs&&URL.revokeObjectURL(this.shownAs),this.shownAs=``}setField(e,t){this.typed={...this.typed,[e]:t},Je(this.draftName(),this.typed)}setPhoto(e){this.unshow(),this.taken=e,Xe(this.draftName(),e)}async choosePhoto(e){let t=e.target,n=t.files?.[0];t.value=``,n&&await this.attempt(`photo`,async()=>{this.setPhoto(await Qt(n))})}discard(){Ze(this.draftName()),this.typed={},this.setPhoto(void 0),this.error=``}async submit(e){if(e.preventDefault(),!e.target.reportValidity())return;let{check:t,taken:n,typed:r}=this,{api:i,hass:a}=this.context,o=r.result,s=Object.fromEntries([`note`,...t.fields].map(e=>[e,r[e]?.trim()]));this.percent=0,await this.attempt(`send`,async()=>{let e=n&&await $t(a,n,e=>this.percent=e);try{await i.recordCheck(t.id,o,{...s,photo:e})}catch(t){throw e&&await tn(a,e),t}})?(this.discard(),this.dispatchEvent(new CustomEvent(`recorded`,{detail:o}))):this.renderRoot.querySelector(`ha-alert`)?.scrollIntoView({block:`nearest`})}choice(e){let{t}=this.context;return T`<label class="choice ${e}"
      ><input
        type="radio"
        name="result"
        .checked=${this.typed.result===e}
        ?disabled=${this.busy===`send`}
        @change=${()=>{this.setField(`result`,e)}}
      /><ha-icon icon=${Et[e]}></ha-icon>${X(t,this.check.kind,e)}</label
    >`}photo(){let{t:e}=this.context,t=e(this.busy===`photo`?`common.working`:this.taken?`photo.again`:`photo.take`);return this.taken&&!this.shownAs&&(this.shownAs=URL.createObjectURL(this.taken)),T`<figure>
      ${this.taken?T`<img src=${this.shownAs} alt=${e(`photo.taken`,{size:Math.ceil(this.taken.size/1e3)})} />`:D}
      <div class="button camera">
        <ha-icon icon="mdi:camera"></ha-icon>${t}
        <input
          type="file"
          accept="image/*"
          capture="environment"
          aria-label=${t}
          aria-describedby="photo-help"
          ?disabled=${!!this.busy}
          @change=${this.choosePhoto}
        />
      </div>
      ${this.taken?T`<button
            type="button"
            class="flat"
            ?disabled=${!!this.busy}
            @click=${()=>{this.setPhoto(void 0)}}
          >
            <ha-icon icon="mdi:image-remove"></ha-icon>${e(`photo.remove`)}
          </button>`:D}
      <span class="soft small" id="photo-help">${e(this.check.photo?`photo.wanted`:`photo.optional`)}</span>
    </figure>`}field(e){let{t}=this.context,n=L(t,`help.${e}`,``);return T`<div class="field">
      <label for=${e}>${L(t,`fields.${e}`,e)}</label>
      ${n?T`<span class="soft small" id="${e}-help">${n}</span>`:D}
      <input
        id=${e}
        type="text"
        maxlength="200"
        autocomplete="off"
        aria-describedby=${n?`${e}-help`:D}
        ?disabled=${this.busy===`send`}
        .value=${this.typed[e]??``}
        @input=${t=>{this.setField(e,t.target.value)}}
      />
    </div>`}rest(e){let{t}=this.context,n=e===`failed`;return T`
      ${this.photo()} ${this.check.fields.map(e=>this.field(e))}
      <div class="field">
        <label for="note"
          >${t(`fields.note`)} ${n?T`<span class="mark">${t(`common.required`)}</span>`:D}</label
        >
        ${n?T`<span class="soft small" id="note-help">${t(`checks.note_help`)}</span>`:D}
        <textarea
          id="note"
          maxlength="1000"
          ?required=${n}
          aria-describedby=${n?`note-help`:D}
          ?disabled=${this.busy===`send`}
          .value=${this.typed.note??``}
          @input=${e=>{this.setField(`note`,e.target.value)}}
        ></textarea>
      </div>
      ${this.busy===`send`&&this.taken?T`<div>
            <progress max="100" .value=${this.percent} aria-label=${t(`photo.sending`)}>${this.percent}%</progress>
            <p class="small" role="status">${t(`photo.sent`,{percent:this.percent})}</p>
          </div>`:D}
      ${this.errorAlert()}
      <div>
        <button type="submit" class=${n?`failed`:`main`} ?disabled=${!!this.busy}>
          <ha-icon icon=${Et[e]}></ha-icon>${t(this.busy===`send`?`common.working`:this.error&&!this.refused?`checks.send_again`:n?`checks.send_failed`:`checks.send_passed`)}
        </button>
        <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.discard}>
          ${t(`common.back`)}
        </button>
      </div>
    `}render(){let{t:e}=this.context,t=this.typed.result;return T`<form novalidate @submit=${this.submit}>
      <fieldset>
        <legend>${e(`checks.result`,{name:this.check.name,object:this.check.object.name})}</legend>
        <div class="results">${this.choice(`passed`)} ${this.choice(`failed`)}</div>
      </fieldset>
      ${t?this.rest(t):D}
    </form>`}},rn={ATTRIBUTE:1,CHILD:2,PROPERTY:3,BOOLEAN_ATTRIBUTE:4,EVENT:5,ELEMENT:6},an=e=>(...t)=>({_$litDirective$:e,values:t}),on=class{constructor(e){}get _$AU(){return this._$AM._$AU}_$AT(e,t,n){this._$Ct=e,this._$AM=t,this._$Ci=n}_$AS(e,t){return this.update(e,t)}update(e,t){return this.render(...t)}},{I:sn}=ke,cn=e=>e,ln=()=>document.createComment(``),Z=(e,t,n)=>{let r=e._$AA.parentNode,i=t===void 0?e._$AB:t._$AA;if(n===void 0)n=new sn(r.insertBefore(ln(),i),r.insertBefore(ln(),i),e,e.options);else{let t=n._$AB.nextSibling,a=n._$AM,o=a!==e;if(o){let t;n._$AQ?.(e),n._$AM=e,n._$AP!==void 0&&(t=e._$AU)!==a._$AU&&n._$AP(t)}if(t!==i||o){let e=n._$AA;for(;e!==t;){let t=cn(e).nextSibling;cn(r).insertBefore(e,i),e=t}}}return n},Q=(e,t,n=e)=>(e._$AI(t,n),e),un={},dn=(e,t=un)=>e._$AH=t,fn=e=>e._$AH,pn=e=>{e._$AR(),e._$AA.remove()},mn=(e,t,n)=>{let r=/* @__PURE__ */ new Map;for(let i=t;i<=n;i++)r.set(e[i],i);return r},hn=an(class extends on{constructor(e){if(super(e),e.type!==rn.CHILD)throw Error(`repeat() can only be used in text expressions`)}dt(e,t,n){let r;n===void 0?n=t:t!==void 0&&(r=t);let i=[],a=[],o=0;for(let t of e)i[o]=r?r(t,o):o,a[o]=n(t,o),o++;return{values:a,keys:i}}render(e,t,n){return this.dt(e,t,n).values}update(e,[t,n,r]){let i=fn(e),{values:a,keys:o}=this.dt(t,n,r);if(!Array.isArray(i))return this.ut=o,a;let s=this.ut??=[],c=[],l,u,d=0,f=i.length-1,p=0,m=a.length-1;for(;d<=f&&p<=m;)if(i[d]===null)d++;else if(i[f]===null)f--;else if(s[d]===o[p])c[p]=Q(i[d],a[p]),d++,p++;else if(s[f]===o[m])c[m]=Q(i[f],a[m]),f--,m--;else if(s[d]===o[m])c[m]=Q(i[d],a[m]),Z(e,c[m+1],i[d]),d++,m--;else if(s[f]===o[p])c[p]=Q(i[f],a[p]),Z(e,i[d],i[f]),f--,p++;else if(l===void 0&&(l=mn(o,p,m),u=mn(s,d,f)),l.has(s[d])){if(l.has(s[f])){let t=u.get(o[p]),n=t===void 0?null:i[t];if(n===null){let t=Z(e,i[d]);Q(t,a[p]),c[p]=t}else c[p]=Q(n,a[p]),Z(e,i[d],n),i[t]=null;p++}else pn(i[f]),f--}else pn(i[d]),d++;for(;p<=m;){let t=Z(e,c[m+1]);Q(t,a[p]),c[p++]=t}for(;d<=f;){let e=i[d++];e!==null&&pn(e)}return this.ut=o,dn(e,c),E}}),gn=class extends B{static properties={...B.properties,known:{state:!0},said:{state:!0}};static styles=[F,o`
      .page {
        max-width: 760px;
      }
      section {
        display: grid;
        gap: 12px;
      }
      section > h2 {
        margin-block: 8px 0;
      }
      ha-card h3 {
        font-size: 1.15rem;
      }
      li {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 10px;
        padding-block: 14px;
      }
      ha-card h3 + ul {
        margin-block-start: 12px;
      }
      li:last-child {
        padding-block-end: 0;
      }
      .look {
        align-items: center;
        color: inherit;
        display: flex;
        gap: 8px;
        justify-content: space-between;
        min-block-size: 48px;
        text-decoration: none;
      }
      .look strong {
        font-weight: 500;
        text-decoration: underline;
        text-decoration-color: var(--divider-color);
        text-underline-offset: 4px;
      }
      .chip {
        flex: none;
      }
    `];constructor(){super(),this.said=``}async read(){this.known=await this.context.api.checks()}async recorded(e,t){let{t:n}=this.context;this.said=n(`checks.recorded`,{object:e.object.name,name:e.name,result:X(n,e.kind,t)}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#said`)?.focus()}row(e){return T`<li>
      <div>
        <a class="look" href="${R}/check/${encodeURIComponent(e.id)}"
          ><strong>${e.name}</strong>${kt(this.context,e)}</a
        >
        ${jt(this.context,e)}
      </div>
      ${e.due?this.form(e):D}
    </li>`}form(e){return this.known?.may[e.id]?T`<niiza-cctv-check-form
      .context=${this.context}
      .check=${e}
      @recorded=${t=>void this.recorded(e,t.detail)}
    ></niiza-cctv-check-form>`:D}group(e,t){return t.length?T`<section aria-label=${e}>
      <h2>${e}</h2>
      ${Ot(t).map(({object:e,checks:t})=>T`<ha-card>
            <h3 class="with-icon"><ha-icon icon=${Tt[e.kind]}></ha-icon>${e.name}</h3>
            <ul>
              ${hn(t,e=>e.id,e=>this.row(e))}
            </ul>
          </ha-card>`)}
    </section>`:D}render(){let{t:e}=this.context,t=this.known?.checks??[],n=t.filter(e=>e.due);return T`<div class="page">
      <h1 tabindex="-1">${e(`checks.heading`)}</h1>
      ${this.errorAlert(this.unread)}
      <p role="status" class=${n.length?``:`soft`}>
        ${this.known?n.length?e(`checks.count`,{count:n.length}):e(`checks.all_done`):e(`common.loading`)}
      </p>
      ${this.said?T`<ha-alert id="said" tabindex="-1" role="status" alert-type="success">${this.said}</ha-alert>`:D}
      ${this.group(e(`checks.due`),n)}
      ${this.group(e(`checks.later`),t.filter(e=>!e.due))}
    </div>`}},_n=class extends M{static properties={heading:{type:String}};static styles=[F,o`
      dialog {
        background: var(--card-background-color);
        border: 1px solid var(--divider-color);
        border-radius: 16px;
        color: inherit;
        inline-size: min(600px, calc(100vw - 32px));
        max-block-size: calc(100dvh - 48px);
        overflow: auto;
        padding: 24px;
      }
      dialog::backdrop {
        background: rgb(0 0 0 / 55%);
      }
    `];firstUpdated(){this.renderRoot.querySelector(`dialog`)?.showModal()}closed(){this.dispatchEvent(new CustomEvent(`dismissed`))}render(){return T`<dialog aria-labelledby="heading" @close=${this.closed}>
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
    </dialog>`}};function vn(e,t){let n=document.createElement(`iframe`);n.title=e,n.style.cssText=`position:fixed;inline-size:0;block-size:0;border:0`,document.body.append(n);let r=n.contentDocument,i=n.contentWindow;if(!r||!i)return;let a=r.createElement(`style`);a.textContent=`
    @page { size: A4; margin: 20mm }
    body { font: 12pt/1.7 sans-serif; color: #000 }
    h1 { font-size: 16pt }
    dt { font-weight: bold; margin-block-start: 6mm }
    dd { margin: 0; overflow-wrap: anywhere; font-family: monospace }`,r.head.append(a);let o=r.createElement(`h1`);o.textContent=e;let s=r.createElement(`dl`);for(let[e,n]of t){let t=r.createElement(`dt`);t.textContent=e;let i=r.createElement(`dd`);i.textContent=n,s.append(t,i)}r.body.append(o,s),i.addEventListener(`afterprint`,()=>{n.remove()}),i.focus(),i.print()}var yn=class extends B{static properties={...B.properties,verified:{state:!0},verifiedAt:{state:!0},link:{state:!0},entries:{state:!0}};static styles=[F,o`
      .entries {
        list-style: none;
        margin: 0 0 16px;
        padding: 0;
      }
      .entries li {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .entries .row {
        gap: 0 12px;
      }
      .entries li.refused strong {
        color: var(--error-color);
      }
    `];constructor(){super(),this.entries=[]}async read(){let e=await this.context.api.ledgerPage(),t=e.at(-1)?.number??0;this.entries=[...e,...this.entries.filter(e=>e.number<t)]}async older(){await this.attempt(`older`,async()=>{let e=this.entries.at(-1)?.number;e!==void 0&&(this.entries=[...this.entries,...await this.context.api.ledgerPage(e)])})}entry(e){let{t,clock:n}=this.context,r=e.details.passage;return T`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong class="with-icon"
          >${e.action===`refused`?T`<ha-icon icon="mdi:cancel"></ha-icon>`:D}${L(t,`history.${e.action}`,e.action)}</strong
        >
        <span>${e.person?.name??t(`history.nobody`)}</span>
        ${e.case?T`<a href=${`${R}/case/${e.case}`}>${e.case}</a>`:T`<span>${e.camera??``}</span>`}
      </div>
      <div class="soft small">${e.number} · <time datetime=${e.at}>${n.at(e.at)}</time></div>
      ${r?T`<div class="small">${t(`clip.span`,{start:n.at(r.start),end:n.at(r.end)})}</div>`:D}
      ${Pt(this.context,e,{case:e.case??``,camera:()=>e.camera??void 0}).map(e=>T`<div class="small">${e}</div>`)}
    </li>`}async verify(){this.verified=void 0,await this.attempt(`verify`,async()=>{this.verified=await this.context.api.verifyLedger(),this.verifiedAt=/* @__PURE__ */ new Date})}async export(e){this.link=void 0,await this.attempt(e,async()=>{this.link=await this.context.api.exportLedger(e)})}print(){let{t:e,clock:t,info:n}=this.context;vn(e(`ledger.anchor_heading`),[[e(`ledger.number`),String(n.ledger.number)],[e(`ledger.hash`),n.ledger.hash],[e(`ledger.printed_at`),t.at(/* @__PURE__ */ new Date)],[e(`ledger.printed_by`),n.user.name],[e(`ledger.keep`),e(`ledger.anchor_help`)]])}verdict(){let{t:e,clock:t}=this.context;if(!this.verified||!this.verifiedAt)return D;let{broken:n,entries:r,reason:i}=this.verified,a=t.at(this.verifiedAt);return n===null?T`<ha-alert alert-type="success">${e(`ledger.whole`,{entries:r,at:a})}</ha-alert>`:T`<ha-alert alert-type="error">${e(`ledger.broken`,{number:n,reason:i,at:a})}</ha-alert>`}render(){let{t:e,info:t,clock:n}=this.context,{ledger:r}=t,i=t.roles.some(e=>e!==`viewer`);return T`<div class="page">
      <h1 tabindex="-1">${e(`ledger.heading`)}</h1>
      <ha-card>
        <h2>${e(`ledger.head`)}</h2>
        <p>${e(`ledger.head_help`)}</p>
        <dl>
          <dt>${e(`ledger.number`)}</dt>
          <dd>${r.number}</dd>
          <dt>${e(`ledger.hash`)}</dt>
          <dd class="mono">${r.hash}</dd>
        </dl>
        <p></p>
        <div class="row">
          <button ?disabled=${!r.number} @click=${this.print}><ha-icon icon="mdi:printer"></ha-icon>${e(`ledger.print`)}</button>
        </div>
      </ha-card>
      <ha-card>
        <h2>${e(`ledger.verify_heading`)}</h2>
        <p>${e(`ledger.verify_help`)}</p>
        <div class="row">
          <button class="main" ?disabled=${!!this.busy||!r.available} @click=${this.verify}>
            <ha-icon icon="mdi:link-variant"></ha-icon>
            ${e(this.busy===`verify`?`ledger.verifying`:`ledger.verify`)}
          </button>
        </div>
        <div role="status">${this.verdict()}</div>
      </ha-card>
      <ha-card>
        <h2>${e(`ledger.export_heading`)}</h2>
        <p>${e(`ledger.export_help`)}</p>
        <div class="row">
          ${[`csv`,`jsonl`].map(t=>T`<button
                ?disabled=${!!this.busy||!r.available||!i}
                aria-describedby=${i?D:`export-why`}
                @click=${()=>void this.export(t)}
              >
                <ha-icon icon="mdi:file-export"></ha-icon>${e(t===`csv`?`ledger.csv`:`ledger.jsonl`)}
              </button>`)}
        </div>
        ${i?D:T`<p id="export-why" class="soft small">${e(`why.not_ledger`)}</p>`}
        <div role="status">
          ${this.link?T`<p class="row">
                <a
                  class="button main"
                  href=${this.link.link}
                  download
                  @click=${()=>{setTimeout(()=>{this.link=void 0})}}
                  ><ha-icon icon="mdi:download"></ha-icon>${e(`release.download`,{name:this.link.file.name})}</a
                >
                <span class="small">${e(`release.once`,{at:n.at(this.link.expires)})} ${e(`release.anyone`)}</span>
              </p>`:D}
        </div>
      </ha-card>
      <ha-card>
        <h2>${e(`ledger.entries_heading`)}</h2>
        ${this.errorAlert(this.unread)}
        <ol class="entries">
          ${this.entries.map(e=>this.entry(e))}
        </ol>
        ${(this.entries.at(-1)?.number??1)>1?T`<button ?disabled=${!!this.busy} @click=${()=>void this.older()}>${e(`ledger.older`)}</button>`:D}
      </ha-card>
      ${this.errorAlert()}
    </div>`}},bn=`new`,xn=/* @__PURE__ */ new Set([`purpose`,`note`]),Sn=class extends z{static properties={...z.properties,typed:{state:!0},passage:{state:!0}};static styles=[F,o`
      .send {
        justify-content: flex-end;
      }
    `];constructor(){super();let{cameras:e,start:t,end:n,margin:r,...i}=qe(bn);this.typed=i,this.passage={cameras:e??``,start:t??``,end:n??``,margin:r??K.margin}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}rule(){let{kinds:e}=this.context.info;return e.find(e=>e.kind===this.typed.kind)}save(){Je(bn,{...this.typed,...q(this.passage)?{...this.passage}:{}})}setField(e,t){this.typed={...this.typed,[e]:t},this.save()}choose(e){let t=this.rule()?.legal_bases??[],n=this.typed.legal_basis??``,r=n&&!t.includes(n)?n:``,[i,...a]=e.legal_bases;this.typed={...this.typed,kind:e.kind,legal_basis:r||(i!==void 0&&!a.length?i:``)},this.save()}discard(){Ze(bn),this.typed={},this.passage=K,this.error=``}async submit(e){e.preventDefault();let t=e.target,n=this.rule(),r=this.renderRoot.querySelector(`niiza-cctv-passage`);if(!n||!t.reportValidity()||r?.check()===!1)return;let i=[...n.required,...n.optional],a=Object.fromEntries(i.map(e=>[e,this.typed[e]?.trim()??``]));await this.attempt(`send`,async()=>{let e=await this.context.api.createCase(n.kind,a,xt(this.passage)??void 0);this.discard(),Be(`case/${e.case}`)})}field(e,t){let{t:n,clock:r}=this.context,i=e.required.includes(t),a=this.typed[t]??``,o=L(n,`help.${t}`,``),s=e=>{this.setField(t,e.target.value)},c=t===`legal_basis`?e.legal_bases:[],l=o?`${t}-help`:D;return T`<div class="field ${xn.has(t)?`wide`:``}">
      <label for=${t}
        >${L(n,`fields.${t}`,t)}
        ${i?T`<span class="mark">${n(`common.required`)}</span>`:D}</label
      >
      ${o?T`<span class="soft small" id="${t}-help">${o}</span>`:D}
      ${xn.has(t)?T`<textarea
            id=${t}
            maxlength="1000"
            ?required=${i}
            aria-describedby=${l}
            .value=${a}
            @input=${s}
          ></textarea>`:T`<input
            id=${t}
            type=${t===`document_date`?`date`:`text`}
            max=${t===`document_date`?r.field(/* @__PURE__ */ new Date).slice(0,10):D}
            maxlength="200"
            autocomplete="off"
            list=${c.length>1?`bases`:D}
            ?required=${i}
            aria-describedby=${l}
            .value=${a}
            @input=${s}
          />`}
      ${c.length>1?T`<datalist id="bases">${c.map(e=>T`<option value=${e}></option>`)}</datalist>`:D}
    </div>`}form(e){let{t}=this.context,n=q(this.passage);return T`
      <ha-card>
        <h2>${t(`new.papers`)}</h2>
        <div class="fields">
          ${[...e.required,...e.optional].map(t=>this.field(e,t))}
        </div>
      </ha-card>
      <ha-card>
        <h2>${t(`new.footage`)}</h2>
        <p>${t(`new.footage_help`)}</p>
        <niiza-cctv-passage
          .context=${this.context}
          .typed=${this.passage}
          @typed=${e=>{this.passage=e.detail,this.save()}}
        ></niiza-cctv-passage>
      </ha-card>
      ${e.may_release_master?D:T`<ha-alert alert-type="info">${t(`new.no_master`)}</ha-alert>`}
      ${this.errorAlert()}
      <div class="row send">
        <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.discard}>
          ${t(`new.discard`)}
        </button>
        <button type="submit" class="main" ?disabled=${!!this.busy}>
          <ha-icon icon="mdi:inbox-arrow-down"></ha-icon>
          ${t(this.busy?`new.sending`:n?`new.send_and_preserve`:`new.send`)}
        </button>
      </div>
    `}render(){let{t:e,info:t}=this.context,n=this.rule();return t.roles.includes(`exporter`)?T`<form class="page" novalidate @submit=${this.submit}>
      <h1 tabindex="-1">${e(`new.heading`)}</h1>
      <ha-card>
        <fieldset>
          <legend><h2>${e(`new.kind`)}</h2></legend>
          <div class="choices">
            ${t.kinds.map(t=>T`<label class="choice"
                  ><input
                    type="radio"
                    name="kind"
                    .checked=${t.kind===n?.kind}
                    @change=${()=>{this.choose(t)}}
                  />${e(`kinds.${t.kind}`)}</label
                >`)}
          </div>
        </fieldset>
      </ha-card>
      ${n?this.form(n):D}
    </form>`:T`<div class="page">
        <h1 tabindex="-1">${e(`new.heading`)}</h1>
        <ha-alert alert-type="info">${e(`why.not_exporter`)}</ha-alert>
      </div>`}},Cn=1e3,wn={cases:`mdi:folder-multiple`,checks:`mdi:clipboard-check`,settings:`mdi:cctv`,ledger:`mdi:book-lock`},Tn={case:`cases`,new:`cases`,check:`checks`,checks:`checks`,settings:`settings`,ledger:`ledger`,cases:`cases`},En=class e extends M{static properties={hass:{attribute:!1},narrow:{type:Boolean},route:{attribute:!1},context:{state:!0},failure:{state:!0},changes:{state:!0}};static styles=[F,o`
      :host {
        background: var(--primary-background-color);
        min-block-size: 100%;
      }
      header {
        align-items: center;
        background: var(--app-header-background-color, var(--primary-color));
        border-block-end: var(--app-header-border-bottom, none);
        color: var(--app-header-text-color, var(--text-primary-color));
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        inset-block-start: 0;
        min-block-size: var(--header-height, 56px);
        padding-inline: 8px 16px;
        position: sticky;
        z-index: 3;
      }
      header .title {
        font-size: 1.25rem;
        margin-inline-end: auto;
      }
      nav {
        display: flex;
        flex-wrap: wrap;
        gap: 4px;
      }
      nav a {
        align-items: center;
        border-block-end: 3px solid transparent;
        color: inherit;
        display: inline-flex;
        gap: 8px;
        min-block-size: 48px;
        padding-inline: 12px;
        text-decoration: none;
      }
      nav a[aria-current] {
        border-block-end-color: currentColor;
        font-weight: 500;
      }
      @media (max-width: 700px) {
        header .title {
          font-size: 1.1rem;
        }
        nav {
          display: grid;
          flex: 1 0 100%;
          grid-auto-columns: 1fr;
          grid-auto-flow: column;
        }
        nav a {
          flex-direction: column;
          font-size: 0.8rem;
          gap: 0;
          justify-content: center;
          line-height: 1.3;
          min-block-size: 52px;
          padding-inline: 2px;
          text-align: center;
        }
      }
      header :focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
      .notice {
        margin: 16px auto 0;
        max-width: 1100px;
        padding-inline: 16px;
      }
    `];static bundle=``;language=``;client;unsubscribe;timer;lastRead=0;refused;constructor(){super(),this.narrow=!1,this.failure=``,this.changes=0}connectedCallback(){super.connectedCallback(),this.client&&this.begin()}disconnectedCallback(){super.disconnectedCallback(),this.stopListening()}stopListening(){clearTimeout(this.timer),this.timer=void 0,this.unsubscribe?.(),this.unsubscribe=void 0}shouldUpdate(e){if(e.size>1||!e.has(`hass`))return!0;let t=e.get(`hass`);return t?.language!==this.hass.language||t.connected!==this.hass.connected||t.panels!==this.hass.panels}willUpdate(e){if(!e.has(`hass`))return;let t=e.get(`hass`);!this.client||this.language!==this.hass.language?(this.language=this.hass.language,this.client??=new Fe(this.hass.connection),this.begin()):t&&!t.connected&&this.hass.connected&&!this.refused&&this.readInfo()}async begin(){try{if(await Le(this.hass),this.refused){this.failed(this.refused);return}if(await this.readInfo(),!this.isConnected||this.unsubscribe||this.isRefused())return;this.unsubscribe=await this.client?.changes(()=>{this.somethingChanged()}),this.endIfGone()}catch(e){this.failed(e)}}isRefused(){return this.refused!==void 0}endIfGone(){(!this.isConnected||this.refused)&&this.stopListening()}somethingChanged(){if(this.timer!==void 0)return;let e=Math.max(0,this.lastRead+Cn-Date.now());this.timer=setTimeout(()=>{this.timer=void 0,this.readInfo()},e)}async readInfo(){if(this.client){this.lastRead=Date.now();try{let e=await this.client.info();this.context={hass:this.hass,t:Re(this.hass),api:this.client,clock:new He(this.hass.language,e.time_zone),info:e},this.failure=``,this.changes+=1}catch(e){this.failed(e)}}}failed(e){e instanceof P&&e.refusesPerson&&(this.context=void 0,this.refused=e,this.stopListening());let t=Re(this.hass);this.failure=this.context?t(`common.stale`,{error:ze(this.hass,t,e)}):ze(this.hass,t,e)}outdated(){let t=this.hass.panels[`niiza-cctv`]?.config?.bundle;return typeof t==`string`&&t!==e.bundle}here(){let e=this.context?.info.pages??[],[t=e[0]??``,n=``]=(this.route?.path??``).split(`/`).filter(Boolean),r=Tn[t]??e[0];return r&&e.includes(r)?{page:r,name:t,id:decodeURIComponent(n)}:void 0}page(){if(!this.context)return D;let e=this.here(),[t]=this.context.info.pages;if(!e)return T`<div class="notice">
        <ha-alert alert-type="info">${this.context.t(`common.not_here`)}</ha-alert>
        ${t?T`<p><a class="button" href="${R}/${t}">${this.context.t(`nav.${t}`)}</a></p>`:D}
      </div>`;switch(e.name){case`case`:return T`<niiza-cctv-case
          .context=${this.context}
          .changes=${this.changes}
          .caseId=${e.id}
        ></niiza-cctv-case>`;case`new`:return T`<niiza-cctv-new .context=${this.context}></niiza-cctv-new>`;case`check`:return T`<niiza-cctv-check
          .context=${this.context}
          .changes=${this.changes}
          .checkId=${e.id}
        ></niiza-cctv-check>`;case`settings`:return e.id?T`<niiza-cctv-settings-confirm
              .context=${this.context}
              .changes=${this.changes}
              .token=${e.id}
            ></niiza-cctv-settings-confirm>`:T`<niiza-cctv-settings
              .context=${this.context}
              .changes=${this.changes}
            ></niiza-cctv-settings>`}switch(e.page){case`checks`:return T`<niiza-cctv-checks
          .context=${this.context}
          .changes=${this.changes}
        ></niiza-cctv-checks>`;case`ledger`:return T`<niiza-cctv-ledger
          .context=${this.context}
          .changes=${this.changes}
        ></niiza-cctv-ledger>`;default:return T`<niiza-cctv-cases
          .context=${this.context}
          .changes=${this.changes}
        ></niiza-cctv-cases>`}}render(){let e=Re(this.hass),t=this.here();return T`
      <header>
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
        <div class="title">${e(`nav.title`)}</div>
        ${this.context&&this.context.info.pages.length>1?T`<nav aria-label=${e(`nav.title`)}>
              ${this.context.info.pages.map(n=>T`<a href="${R}/${n}" aria-current=${t?.page===n?`page`:D}
                    ><ha-icon icon=${wn[n]}></ha-icon><span>${e(`nav.${n}`)}</span></a
                  >`)}
            </nav>`:D}
      </header>
      ${this.notices()}
      <main>${this.page()}</main>
    `}notices(){let e=Re(this.hass);return T`<div class="notice" role="status">
      ${this.outdated()?T`<ha-alert alert-type="info"
            >${e(`common.outdated`)}
            <button
              slot="action"
              @click=${()=>{location.reload()}}
            >
              ${e(`common.reload`)}
            </button></ha-alert
          >`:D}
      ${this.failure?T`<ha-alert alert-type="error">${this.failure}</ha-alert>`:D}
      ${this.failure&&!this.context&&!this.refused?T`<p>
            <button @click=${()=>void this.begin()}>${e(`common.again`)}</button>
          </p>`:D}
      ${this.context&&!this.context.info.ledger.available?T`<ha-alert alert-type="error">${e(`common.ledger_down`)}</ha-alert>`:D}
    </div>`}},$=class extends z{static properties={...z.properties,cameraName:{type:String},path:{state:!0}};static styles=[F,o`
      :host {
        display: grid;
        gap: 12px;
      }
      video,
      ha-hls-player {
        aspect-ratio: 16 / 9;
        background: #000;
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 70vh;
      }
    `];openedFor=``;constructor(){super(),this.path=``}willUpdate(){let e=this.subject();e!==this.openedFor&&(this.openedFor=e,this.open())}async open(){this.path=``,await this.attempt(`open`,async()=>{this.path=await this.source(),await this.updateComplete,this.scrollIntoView({block:`nearest`})})}broken(e){this.error=this.context.t(this.brokenWords(e.target.error?.code))}moved(){}controls(){return D}picture(){return T`<video
      src=${this.path}
      controls
      autoplay
      muted
      playsinline
      disablepictureinpicture
      controlslist="nodownload noremoteplayback"
      aria-label=${this.label()}
      @timeupdate=${this.moved}
      @seeked=${this.moved}
      @error=${this.broken}
    ></video>`}render(){let{t:e}=this.context;return T`
      <p class="small soft">${e(`watch.recorded`)}</p>
      ${this.busy?T`<p role="status">${e(`common.loading`)}</p>`:D}
      ${this.errorAlert()}
      ${this.error&&!this.refused?T`<p><button type="button" @click=${()=>void this.open()}>${e(`common.again`)}</button></p>`:D}
      ${this.path?T`${this.picture()}${this.controls()}`:D}
    `}};function Dn(e){return e!==`hevc`||document.createElement(`video`).canPlayType(`video/mp4; codecs="hvc1.1.6.L93.B0"`)!==``}var On=class extends ${static properties={...$.properties,clip:{type:String}};subject(){return this.clip}async source(){let{path:e,codec:t}=await this.context.api.watchClip(this.clip);if(!Dn(t))throw new I(`watch.cannot_play_sealed`);return e}label(){return this.context.t(`watch.label_sealed`,{camera:this.cameraName})}broken(e){super.broken(e),this.path=``}brokenWords(e){return e===MediaError.MEDIA_ERR_DECODE?`watch.cannot_play_sealed`:`watch.broken_sealed`}},kn=336,An=class extends B{static properties={...B.properties,known:{state:!0},opened:{state:!0},asked:{state:!0},resolution:{state:!0},clockBy:{state:!0}};static styles=[F,o`
      .page {
        max-width: 860px;
      }
      .open {
        border: 0;
        inline-size: 100%;
        justify-content: space-between;
        padding-inline: 0;
        text-align: start;
      }
      .open h2 {
        margin: 0;
      }
      .chips {
        display: flex;
        flex-wrap: wrap;
        gap: 8px;
      }
      form {
        border-block-start: 1px solid var(--divider-color);
        display: grid;
        gap: 12px;
        margin-block-start: 20px;
        padding-block-start: 20px;
      }
      form p {
        margin: 0;
      }
      form > button {
        justify-self: start;
      }
      .hours input:not([type="radio"]) {
        inline-size: 7rem;
      }
      @media (max-width: 600px) {
        form > button {
          justify-self: stretch;
        }
      }
    `];constructor(){super(),this.opened=new URLSearchParams(location.search).get(`camera`)??``,this.resolution=`everyday`,this.clockBy=`ntp`}async read(){let e=this.known===void 0;this.known=await this.context.api.cameraSettings(),e&&this.opened&&this.ask(this.opened)}toggle(e){this.error=``,this.opened=this.opened===e?``:e,this.opened&&this.ask(e)}async ask(e){this.asked=void 0,await this.attempt(`ask`,async()=>{let{cameras:t}=await this.context.api.cameraSettings(e),[n]=t;n?.camera===this.opened&&(this.asked=n,this.resolution=n.resolution.within_limit===!1||n.raised?`everyday`:`evidence`)})}async request(e,t){await this.attempt(e,async()=>{let{link:e}=await t();Be(e.slice(R.length+1))})}chip(e,t){let[n,r,i]=t;return T`<span class="chip ${e===!1?`risk`:e===null?`done`:``}"
      ><ha-icon icon=${e===null?`mdi:help-circle`:e?`mdi:check-circle`:`mdi:alert-circle`}></ha-icon>${e===null?i:e?n:r}</span
    >`}chips(e){let{t}=this.context,n=e.audio.disabled??null;return T`<p class="chips">
      ${this.chip(n===!1&&e.audio.allowed?!0:n,[t(n?`settings.audio_off`:`settings.audio_allowed`),t(`settings.audio_on`),t(`settings.audio_unknown`)])}
      ${this.chip(e.resolution.within_limit,[J(t,e.resolution.now),t(`settings.size_high`,{size:J(t,e.resolution.now)}),t(`settings.size_unknown`)])}
      ${this.chip(e.clock.problem===null?null:!e.clock.problem,[t(`settings.clock_right`),Y(t,e.clock.offset),t(`settings.clock_unknown`)])}
    </p>`}raised(e){let{t,clock:n}=this.context,{raised:r}=e;if(!r)return D;let i={at:n.at(r.until),size:J(t,r.after),person:r.by?.name??t(`history.nobody`)};return T`<ha-alert alert-type=${r.over?`warning`:`info`}
      >${t(r.over?`settings.raised_over`:`settings.raised`,i)}
      ${r.certain?D:t(`settings.raised_uncertain`)}</ha-alert
    >`}button(e,t,n){let{t:r}=this.context;return T`<button type="submit" ?disabled=${!!this.busy}>
      <ha-icon icon=${t}></ha-icon>${this.busy===e?r(`settings.asking`):n}
    </button>`}audio(e){let{t,clock:n}=this.context;return T`<form
      @submit=${t=>{t.preventDefault(),this.request(`audio`,()=>this.context.api.switchAudioOff(e.camera))}}
    >
      <h3>${t(`settings.audio`)}</h3>
      <p>
        ${e.audio.disabled===null?t(`settings.audio_unknown`):e.audio.disabled?t(`settings.audio_off`):t(e.audio.allowed?`settings.audio_allowed`:`settings.audio_on`)}
      </p>
      ${e.audio.on_card_until?T`<p class="soft">${t(`settings.on_card_until`,{at:n.at(e.audio.on_card_until)})}</p>`:D}
      ${this.button(`audio`,`mdi:microphone-off`,t(`settings.do_audio`))}
    </form>`}size(e){let{t}=this.context,{resolution:n}=e,r=e=>T`<label class="choice"
        ><input
          type="radio"
          name="resolution"
          .checked=${this.resolution===e}
          @change=${()=>{this.resolution=e}}
        />${t(`settings.${e}`,{size:J(t,n[e])})}</label
      >`;return T`<form
      @submit=${t=>{t.preventDefault();let n=t.target;if(!n.reportValidity())return;let r=n.querySelector(`#hours`);this.request(`resolution`,()=>this.context.api.setResolution(e.camera,this.resolution,r?Number(r.value):void 0))}}
    >
      <h3>${t(`settings.resolution`)}</h3>
      <p>
        ${t(`settings.size_now`,{size:J(t,n.now)})}
        ${n.recorded===!1?T`<span class="soft small">${t(`settings.size_assumed`)}</span>`:D}
      </p>
      <fieldset>
        <legend>${t(`settings.resolution_to`)}</legend>
        <div class="choices">${r(`everyday`)} ${r(`evidence`)}</div>
      </fieldset>
      ${this.resolution===`evidence`?T`<div class="field hours">
            <label for="hours">${t(`settings.hours`)}</label>
            <span class="soft small" id="hours-help">${t(`settings.hours_help`,{longest:kn})}</span>
            <input
              id="hours"
              type="number"
              inputmode="numeric"
              min="1"
              max=${kn}
              step="1"
              value="24"
              required
              aria-describedby="hours-help"
            />
          </div>`:D}
      ${this.button(`resolution`,`mdi:image-size-select-large`,t(`settings.do_resolution`))}
    </form>`}clock(e){let{t}=this.context,n=e=>T`<label class="choice"
        ><input
          type="radio"
          name="clock"
          .checked=${this.clockBy===e}
          @change=${()=>{this.clockBy=e}}
        />${t(e===`ntp`?`settings.clock_ntp`:`settings.clock_here`)}</label
      >`;return T`<form
      @submit=${t=>{t.preventDefault();let n=t.target;if(!n.reportValidity())return;let r=n.querySelector(`#ntp`)?.value.trim()??``;this.request(`clock`,()=>this.context.api.setClock(e.camera,r))}}
    >
      <h3>${t(`settings.clock`)}</h3>
      <p>
        ${t(`settings.clock_now`,{mode:Ct(t,e.clock.mode,e.clock.ntp),offset:Y(t,e.clock.offset)})}
      </p>
      <fieldset>
        <legend>${t(`settings.clock_to`)}</legend>
        <div class="choices">${n(`ntp`)} ${n(`here`)}</div>
      </fieldset>
      ${this.clockBy===`ntp`?T`<div class="field">
            <label for="ntp">${t(`settings.ntp`)} <span class="mark">${t(`common.required`)}</span></label>
            <span class="soft small" id="ntp-help">${t(`settings.ntp_help`)}</span>
            <input
              id="ntp"
              type="text"
              inputmode="url"
              maxlength="253"
              autocomplete="off"
              autocapitalize="none"
              spellcheck="false"
              required
              aria-describedby="ntp-help"
              .value=${e.clock.ntp&&e.clock.ntp!==`dhcp`?e.clock.ntp:``}
            />
          </div>`:D}
      ${this.button(`clock`,`mdi:clock-edit`,t(`settings.do_clock`))}
    </form>`}closeLook(e){let{t,hass:n}=this.context;if(this.busy===`ask`)return T`<p role="status">${t(`settings.asking`)}</p>`;let{asked:r}=this;return r?T`
      ${r.error?T`<ha-alert alert-type="warning">${G(n,r.error,e.name)}</ha-alert>`:D}
      ${this.known?.may?T`${this.audio(r)} ${this.size(r)} ${this.clock(r)}`:T`<p class="soft">${t(`settings.may_not`)}</p>`}
    `:D}camera(e){let t=this.opened===e.camera;return T`<ha-card>
      <button
        type="button"
        class="open"
        aria-expanded=${t}
        @click=${()=>{this.toggle(e.camera)}}
      >
        <h2 class="with-icon"><ha-icon icon="mdi:cctv"></ha-icon>${e.name}</h2>
        <ha-icon icon=${t?`mdi:chevron-up`:`mdi:chevron-down`}></ha-icon>
      </button>
      ${this.chips(e)} ${this.raised(e)}
      ${t?T`${this.closeLook(e)} ${this.errorAlert()}`:D}
    </ha-card>`}render(){let{t:e}=this.context,t=this.known?.cameras??[];return T`<div class="page">
      <h1 tabindex="-1">${e(`settings.heading`)}</h1>
      <p>${e(`settings.help`)}</p>
      ${this.errorAlert(this.unread)}
      ${this.known?D:T`<p role="status">${e(`common.loading`)}</p>`}
      ${hn(t,e=>e.camera,e=>this.camera(e))}
      ${this.known&&!t.length?T`<p class="soft">${e(`settings.none`)}</p>`:D}
    </div>`}},jn=class extends B{static properties={...B.properties,token:{type:String},request:{state:!0},done:{state:!0}};static styles=[F,o`
      .page {
        max-width: 760px;
      }
      form {
        display: grid;
        gap: 16px;
      }
      form button {
        min-block-size: 56px;
      }
      ha-alert {
        display: block;
        margin-block-end: 8px;
      }
      dl {
        margin-block-end: 16px;
      }
      .after {
        font-weight: 500;
      }
    `];constructor(){super(),this.token=``}disconnectedCallback(){super.disconnectedCallback(),this.clear()}willUpdate(e){e.has(`token`)&&(this.clear(),this.request=void 0,this.done=void 0,this.refresh()),super.willUpdate(e)}async read(){if(this.done?.done)return;let{token:e}=this;try{let t=await this.context.api.settingsRequest(e);e===this.token&&(this.request=t)}catch(t){throw e===this.token&&(this.request=void 0),t}}field(e){return this.renderRoot.querySelector(e)}clear(){if(!this.hasUpdated)return;let e=this.field(`#camera-secret`);e&&(e.value=``)}async submit(e){e.preventDefault();let[t,n]=[this.field(`#camera-user`),this.field(`#camera-secret`)];if(!e.target.reportValidity()||!t||!n)return;let{hass:r}=this.context;this.done=void 0,await this.attempt(`send`,async()=>{let e=Ie(r,this.token,t.value.trim(),n.value);this.clear();let i=await e.catch(()=>{throw new I(`settings.no_answer`)});`done`in i?this.done=i:this.error=i.message}),await this.refresh(),await this.updateComplete,this.renderRoot.querySelector(`#outcome`)?.focus()}values(e,t){let{t:n,clock:r}=this.context;return T`<dl>
      <dt>${n(t?`settings.before`:`fields.before`)}</dt>
      <dd>${wt(n,e.before,!0)}</dd>
      ${e.after?T`<dt>${n(t?`settings.after_asked`:`settings.after_read`)}</dt>
            <dd class="after">${wt(n,e.after)}</dd>`:D}
      ${e.until?T`<dt>${n(`settings.until`)}</dt>
            <dd>${r.at(e.until)}</dd>`:D}
    </dl>`}outcome(e){let{t}=this.context,n=e.done===!0&&e.verified;return T`<ha-card id="outcome" tabindex="-1">
      <h2 class="with-icon">
        <ha-icon icon=${n?`mdi:check-decagram`:`mdi:alert-octagon`}></ha-icon>${t(n?e.changed?`settings.done`:`settings.done_already`:e.done===null?`settings.nobody_knows`:`settings.not_done`)}
      </h2>
      <ha-alert alert-type=${n?`success`:`error`} role="status">${e.message}</ha-alert>
      ${this.values(e,!1)}
      ${e.remains.map(e=>T`<ha-alert alert-type="info">${e.text}</ha-alert>`)}
      ${e.recorded?D:T`<ha-alert alert-type="warning">${t(`settings.recorded_later`)}</ha-alert>`}
    </ha-card>`}question(e){let{t,clock:n}=this.context,r=this.busy===`send`;return T`<ha-card>
      <h2>${t(`settings.ask_${e.setting}`)}</h2>
      ${this.values(e,!0)}
      ${e.already?T`<ha-alert alert-type="info">${t(`settings.already`)}</ha-alert>`:D}
      ${e.warnings.map(e=>T`<ha-alert alert-type="warning">${e.text}</ha-alert>`)}
      <form autocomplete="off" @submit=${this.submit}>
        <p>${t(`settings.password_help`)}</p>
        <div class="field">
          <label for="camera-user"
            >${t(`settings.username`)} <span class="mark">${t(`common.required`)}</span></label
          >
          <span class="soft small" id="camera-user-help">${t(`settings.username_help`)}</span>
          <input
            id="camera-user"
            type="text"
            maxlength="64"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            required
            ?disabled=${r}
            aria-describedby="camera-user-help"
          />
        </div>
        <div class="field">
          <label for="camera-secret"
            >${t(`settings.password`)} <span class="mark">${t(`common.required`)}</span></label
          >
          <input
            id="camera-secret"
            type="password"
            maxlength="256"
            autocomplete="new-password"
            autocapitalize="none"
            spellcheck="false"
            data-1p-ignore
            data-lpignore="true"
            data-bwignore
            required
            ?disabled=${r}
          />
        </div>
        ${this.errorAlert()}
        <button type="submit" class="main" ?disabled=${!!this.busy}>
          <ha-icon icon="mdi:lock-open-check"></ha-icon>${t(r?`settings.sending`:`settings.send`)}
        </button>
        <p class="soft small" role="status">
          ${t(r?`settings.sending_help`:`settings.expires`,{at:n.at(e.expires),tries:e.tries_left})}
        </p>
      </form>
    </ha-card>`}render(){let{t:e}=this.context,{request:t,done:n}=this,r=t?.camera_name;return T`<div class="page">
      <p><a class="with-icon" href="${R}/settings"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`settings.back`)}</a></p>
      <h1 tabindex="-1">${r?e(`settings.of`,{camera:r}):e(`settings.heading`)}</h1>
      ${n?this.outcome(n):D}
      ${t&&!n?.done?this.question(t):D}
      ${t||n?D:this.unread?this.errorAlert(this.unread):T`<p role="status">${e(`common.loading`)}</p>`}
    </div>`}};function Mn(e){let t=[],n=0,r=0,i=NaN;for(let a of e.split(/\r?\n/))a.startsWith(`#EXT-X-PROGRAM-DATE-TIME:`)?i=Date.parse(a.slice(25)):a.startsWith(`#EXTINF:`)?r=parseFloat(a.slice(8)):a&&!a.startsWith(`#`)&&(Number.isNaN(i)||t.push({offset:n,length:r,at:i}),n+=r,i+=r*1e3);return t}function Nn(e,t){let n=e.findLast(e=>e.offset<=t)??e[0];return n?new Date(n.at+(t-n.offset)*1e3):null}function Pn(e,t){let n=t.getTime();for(let t of e){if(n<t.at)return t.offset;if(n<t.at+t.length*1e3)return t.offset+(n-t.at)/1e3}let r=e.at(-1);return r?r.offset+r.length:0}var Fn=`application/vnd.apple.mpegurl`,In=[-60,-10,-1,1,10,60],Ln=[.5,1,2,4],Rn=class extends ${static properties={...$.properties,camera:{type:String},start:{type:String},end:{type:String},pick:{type:Boolean},kept:{type:Boolean},gaps:{state:!0},at:{state:!0},fallback:{state:!0}};static styles=[...$.styles,o`
      .time {
        font-size: 1.3rem;
        font-variant-numeric: tabular-nums;
        font-weight: 500;
      }
      .jumps button {
        min-inline-size: 64px;
        padding-inline: 10px;
      }
      select {
        inline-size: auto;
      }
    `];moments=[];constructor(){super(),this.gaps=[],this.pick=!1,this.kept=!1,this.at=null,this.fallback=!1}subject(){return this.camera}async source(){let{url:e,codec:t,gaps:n}=await this.context.api.playback(this.camera,this.start,this.end);if(t&&!Dn(t))throw new I(this.unplayable());let r=await fetch(e);if(!r.ok)throw new I(`watch.refused`,{status:r.status});if(this.moments=Mn(await r.text()),!document.createElement(`video`).canPlayType(Fn)&&(this.fallback=await zn(),!this.fallback))throw new I(`watch.no_hls`);return this.gaps=n,e}label(){return this.context.t(`watch.label`,{camera:this.cameraName})}unplayable(){return this.kept?`watch.cannot_play_kept`:`watch.cannot_play`}brokenWords(e){return e===MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED||e===MediaError.MEDIA_ERR_DECODE?this.unplayable():`watch.broken`}video(){let e=this.renderRoot.querySelector(`video, ha-hls-player`);return e instanceof HTMLVideoElement?e:e?.shadowRoot?.querySelector(`video`)??null}moved(){let e=this.video();e&&(this.at=Nn(this.moments,e.currentTime))}jump(e){let t=this.video();t&&(t.currentTime=Math.max(0,t.currentTime+e))}seek(e){let t=this.video(),n=e.currentTarget.getBoundingClientRect();if(!t||!n.width)return;let r=new Date(this.start).getTime(),i=new Date(this.end).getTime(),a=new Date(r+(i-r)*(e.clientX-n.left)/n.width);t.currentTime=Pn(this.moments,a)}setSpeed(e){let t=this.video();t&&(t.playbackRate=Number(e.target.value))}pickEdge(e){this.at&&this.dispatchEvent(new CustomEvent(`picked`,{detail:{edge:e,at:this.at}}))}picture(){return this.fallback?T`<ha-hls-player
      .hass=${this.context.hass}
      .url=${this.path}
      .controls=${!0}
      .muted=${!0}
      .playsInline=${!0}
      .autoPlay=${!0}
    ></ha-hls-player>`:super.picture()}controls(){let{t:e}=this.context,t={start:this.start,end:this.end};return T`
      <div @pointerdown=${this.seek}>${ht(e,t,this.gaps,this.at?.toISOString())}</div>
      ${this.timeAndSpeed()}
      <div class="row jumps" role="group" aria-label=${e(`watch.jump`)}>
        ${In.map(e=>this.jumpButton(e))}
      </div>
      ${this.pick?T`<div class="row">${[`start`,`end`].map(e=>this.edgeButton(e))}</div>`:D}
    `}timeAndSpeed(){let{t:e,clock:t}=this.context;return T`<div class="row spread">
      <span class="time">${this.at?t.at(this.at):`–`}</span>
      <span class="row">
        <label for="speed">${e(`watch.speed`)}</label>
        <select id="speed" @change=${this.setSpeed}>
          ${Ln.map(e=>T`<option value=${e} ?selected=${e===1}>×${e}</option>`)}
        </select>
      </span>
    </div>`}jumpButton(e){return T`<button
      type="button"
      @click=${()=>{this.jump(e)}}
    >
      ${this.context.t(`watch.seconds`,{seconds:`${e<0?`−`:`+`}${Math.abs(e)}`})}
    </button>`}edgeButton(e){return T`<button
      type="button"
      ?disabled=${!this.at}
      @click=${()=>{this.pickEdge(e)}}
    >
      <ha-icon icon=${e===`start`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
      ${this.context.t(e===`start`?`watch.take_start`:`watch.take_end`)}
    </button>`}};async function zn(){if(customElements.get(`ha-hls-player`))return!0;let e=window.loadCardHelpers;return(await e?.())?.createCardElement({type:`picture-entity`,entity:`camera.none`}),Promise.race([customElements.whenDefined(`ha-hls-player`).then(()=>!0),new Promise(e=>setTimeout(e,5e3,!1))])}await customElements.whenDefined(`home-assistant`);for(let[e,t]of Object.entries({"niiza-cctv-dialog":_n,"niiza-cctv-watch":Rn,"niiza-cctv-sealed":On,"niiza-cctv-by-hand":Ke,"niiza-cctv-passage":St,"niiza-cctv-cases":Wt,"niiza-cctv-new":Sn,"niiza-cctv-case":Ut,"niiza-cctv-check-form":nn,"niiza-cctv-checks":gn,"niiza-cctv-check":Kt,"niiza-cctv-ledger":yn,"niiza-cctv-settings":An,"niiza-cctv-settings-confirm":jn,"niiza-cctv-panel":En}))customElements.get(e)||customElements.define(e,t);En.bundle=new URL(import.meta.url).pathname.split(`/`).at(-2)??``,et();