var e=globalThis,t=e.ShadowRoot&&(e.ShadyCSS===void 0||e.ShadyCSS.nativeShadow)&&`adoptedStyleSheets`in Document.prototype&&`replace`in CSSStyleSheet.prototype,n=Symbol(),r=/* @__PURE__ */ new WeakMap,i=class{constructor(e,t,r){if(this._$cssResult$=!0,r!==n)throw Error("CSSResult is not constructable. Use `unsafeCSS` or `css` instead.");this.cssText=e,this.t=t}get styleSheet(){let e=this.o,n=this.t;if(t&&e===void 0){let t=n!==void 0&&n.length===1;t&&(e=r.get(n)),e===void 0&&((this.o=e=new CSSStyleSheet).replaceSync(this.cssText),t&&r.set(n,e))}return e}toString(){return this.cssText}},a=e=>new i(typeof e==`string`?e:e+``,void 0,n),o=(e,...t)=>new i(e.length===1?e[0]:t.reduce((t,n,r)=>t+(e=>{if(!0===e._$cssResult$)return e.cssText;if(typeof e==`number`)return e;throw Error(`Value passed to 'css' function must be a 'css' function result: `+e+`. Use 'unsafeCSS' to pass non-literal values, but take care to ensure page security.`)})(n)+e[r+1],e[0]),e,n),s=(n,r)=>{if(t)n.adoptedStyleSheets=r.map(e=>e instanceof CSSStyleSheet?e:e.styleSheet);else for(let t of r){let r=document.createElement(`style`),i=e.litNonce;i!==void 0&&r.setAttribute(`nonce`,i),r.textContent=t.cssText,n.appendChild(r)}},c=t?e=>e:e=>e instanceof CSSStyleSheet?(e=>{let t=``;for(let n of e.cssRules)t+=n.cssText;return a(t)})(e):e,{is:l,defineProperty:u,getOwnPropertyDescriptor:d,getOwnPropertyNames:ee,getOwnPropertySymbols:te,getPrototypeOf:ne}=Object,f=globalThis,re=f.trustedTypes,ie=re?re.emptyScript:``,ae=f.reactiveElementPolyfillSupport,p=(e,t)=>e,oe={toAttribute(e,t){switch(t){case Boolean:e=e?ie:null;break;case Object:case Array:e=e==null?e:JSON.stringify(e)}return e},fromAttribute(e,t){let n=e;switch(t){case Boolean:n=e!==null;break;case Number:n=e===null?null:Number(e);break;case Object:case Array:try{n=JSON.parse(e)}catch{n=null}}return n}},se=(e,t)=>!l(e,t),ce={attribute:!0,type:String,converter:oe,reflect:!1,useDefault:!1,hasChanged:se};Symbol.metadata??=Symbol(`metadata`),f.litPropertyMetadata??=/* @__PURE__ */ new WeakMap;var m=class extends HTMLElement{static addInitializer(e){this._$Ei(),(this.l??=[]).push(e)}static get observedAttributes(){return this.finalize(),this._$Eh&&[...this._$Eh.keys()]}static createProperty(e,t=ce){if(t.state&&(t.attribute=!1),this._$Ei(),this.prototype.hasOwnProperty(e)&&((t=Object.create(t)).wrapped=!0),this.elementProperties.set(e,t),!t.noAccessor){let n=Symbol(),r=this.getPropertyDescriptor(e,n,t);r!==void 0&&u(this.prototype,e,r)}}static getPropertyDescriptor(e,t,n){let{get:r,set:i}=d(this.prototype,e)??{get(){return this[t]},set(e){this[t]=e}};return{get:r,set(t){let a=r?.call(this);i?.call(this,t),this.requestUpdate(e,a,n)},configurable:!0,enumerable:!0}}static getPropertyOptions(e){return this.elementProperties.get(e)??ce}static _$Ei(){if(this.hasOwnProperty(p(`elementProperties`)))return;let e=ne(this);e.finalize(),e.l!==void 0&&(this.l=[...e.l]),this.elementProperties=new Map(e.elementProperties)}static finalize(){if(this.hasOwnProperty(p(`finalized`)))return;if(this.finalized=!0,this._$Ei(),this.hasOwnProperty(p(`properties`))){let e=this.properties,t=[...ee(e),...te(e)];for(let n of t)this.createProperty(n,e[n])}let e=this[Symbol.metadata];if(e!==null){let t=litPropertyMetadata.get(e);if(t!==void 0)for(let[e,n]of t)this.elementProperties.set(e,n)}this._$Eh=/* @__PURE__ */ new Map;for(let[e,t]of this.elementProperties){let n=this._$Eu(e,t);n!==void 0&&this._$Eh.set(n,e)}this.elementStyles=this.finalizeStyles(this.styles)}static finalizeStyles(e){let t=[];if(Array.isArray(e)){let n=new Set(e.flat(1/0).reverse());for(let e of n)t.unshift(c(e))}else e!==void 0&&t.push(c(e));return t}static _$Eu(e,t){let n=t.attribute;return!1===n?void 0:typeof n==`string`?n:typeof e==`string`?e.toLowerCase():void 0}constructor(){super(),this._$Ep=void 0,this.isUpdatePending=!1,this.hasUpdated=!1,this._$Em=null,this._$Ev()}_$Ev(){this._$ES=new Promise(e=>this.enableUpdating=e),this._$AL=/* @__PURE__ */ new Map,this._$E_(),this.requestUpdate(),this.constructor.l?.forEach(e=>e(this))}addController(e){(this._$EO??=/* @__PURE__ */ new Set).add(e),this.renderRoot!==void 0&&this.isConnected&&e.hostConnected?.()}removeController(e){this._$EO?.delete(e)}_$E_(){let e=/* @__PURE__ */ new Map,t=this.constructor.elementProperties;for(let n of t.keys())this.hasOwnProperty(n)&&(e.set(n,this[n]),delete this[n]);e.size>0&&(this._$Ep=e)}createRenderRoot(){let e=this.shadowRoot??this.attachShadow(this.constructor.shadowRootOptions);return s(e,this.constructor.elementStyles),e}connectedCallback(){this.renderRoot??=this.createRenderRoot(),this.enableUpdating(!0),this._$EO?.forEach(e=>e.hostConnected?.())}enableUpdating(e){}disconnectedCallback(){this._$EO?.forEach(e=>e.hostDisconnected?.())}attributeChangedCallback(e,t,n){this._$AK(e,n)}_$ET(e,t){let n=this.constructor.elementProperties.get(e),r=this.constructor._$Eu(e,n);if(r!==void 0&&!0===n.reflect){let i=(n.converter?.toAttribute===void 0?oe:n.converter).toAttribute(t,n.type);this._$Em=e,i==null?this.removeAttribute(r):this.setAttribute(r,i),this._$Em=null}}_$AK(e,t){let n=this.constructor,r=n._$Eh.get(e);if(r!==void 0&&this._$Em!==r){let e=n.getPropertyOptions(r),i=typeof e.converter==`function`?{fromAttribute:e.converter}:e.converter?.fromAttribute===void 0?oe:e.converter;this._$Em=r;let a=i.fromAttribute(t,e.type);this[r]=a??this._$Ej?.get(r)??a,this._$Em=null}}requestUpdate(e,t,n,r=!1,i){if(e!==void 0){let a=this.constructor;if(!1===r&&(i=this[e]),n??=a.getPropertyOptions(e),!((n.hasChanged??se)(i,t)||n.useDefault&&n.reflect&&i===this._$Ej?.get(e)&&!this.hasAttribute(a._$Eu(e,n))))return;this.C(e,t,n)}!1===this.isUpdatePending&&(this._$ES=this._$EP())}C(e,t,{useDefault:n,reflect:r,wrapped:i},a){n&&!(this._$Ej??=/* @__PURE__ */ new Map).has(e)&&(this._$Ej.set(e,a??t??this[e]),!0!==i||a!==void 0)||(this._$AL.has(e)||(this.hasUpdated||n||(t=void 0),this._$AL.set(e,t)),!0===r&&this._$Em!==e&&(this._$Eq??=/* @__PURE__ */ new Set).add(e))}async _$EP(){this.isUpdatePending=!0;try{await this._$ES}catch(e){Promise.reject(e)}let e=this.scheduleUpdate();return e!=null&&await e,!this.isUpdatePending}scheduleUpdate(){return this.performUpdate()}performUpdate(){if(!this.isUpdatePending)return;if(!this.hasUpdated){if(this.renderRoot??=this.createRenderRoot(),this._$Ep){for(let[e,t]of this._$Ep)this[e]=t;this._$Ep=void 0}let e=this.constructor.elementProperties;if(e.size>0)for(let[t,n]of e){let{wrapped:e}=n,r=this[t];!0!==e||this._$AL.has(t)||r===void 0||this.C(t,void 0,n,r)}}let e=!1,t=this._$AL;try{e=this.shouldUpdate(t),e?(this.willUpdate(t),this._$EO?.forEach(e=>e.hostUpdate?.()),this.update(t)):this._$EM()}catch(t){throw e=!1,this._$EM(),t}e&&this._$AE(t)}willUpdate(e){}_$AE(e){this._$EO?.forEach(e=>e.hostUpdated?.()),this.hasUpdated||(this.hasUpdated=!0,this.firstUpdated(e)),this.updated(e)}_$EM(){this._$AL=/* @__PURE__ */ new Map,this.isUpdatePending=!1}get updateComplete(){return this.getUpdateComplete()}getUpdateComplete(){return this._$ES}shouldUpdate(e){return!0}update(e){this._$Eq&&=this._$Eq.forEach(e=>this._$ET(e,this[e])),this._$EM()}updated(e){}firstUpdated(e){}};m.elementStyles=[],m.shadowRootOptions={mode:`open`},m[p(`elementProperties`)]=/* @__PURE__ */ new Map,m[p(`finalized`)]=/* @__PURE__ */ new Map,ae?.({ReactiveElement:m}),(f.reactiveElementVersions??=[]).push(`2.1.2`);var h=globalThis,le=e=>e,g=h.trustedTypes,ue=g?g.createPolicy(`lit-html`,{createHTML:e=>e}):void 0,de=`$lit$`,_=`lit$${Math.random().toFixed(9).slice(2)}$`,fe=`?`+_,pe=`<${fe}>`,v=document,y=()=>v.createComment(``),b=e=>e===null||typeof e!=`object`&&typeof e!=`function`,x=Array.isArray,me=e=>x(e)||typeof e?.[Symbol.iterator]==`function`,he=`[ 	
\f\r]`,S=/<(?:(!--|\/[^a-zA-Z])|(\/?[a-zA-Z][^>\s]*)|(\/?$))/g,ge=/-->/g,_e=/>/g,C=RegExp(`>|${he}(?:([^\\s"'>=/]+)(${he}*=${he}*(?:[^ \t\n\f\r"'\`<>=]|("|')|))|$)`,`g`),ve=/'/g,ye=/"/g,be=/^(?:script|style|textarea|title)$/i,w=(e=>(t,...n)=>({_$litType$:e,strings:t,values:n}))(1),T=Symbol.for(`lit-noChange`),E=Symbol.for(`lit-nothing`),xe=/* @__PURE__ */ new WeakMap,D=v.createTreeWalker(v,129);function Se(e,t){if(!x(e)||!e.hasOwnProperty(`raw`))throw Error(`invalid template strings array`);return ue===void 0?t:ue.createHTML(t)}var Ce=(e,t)=>{let n=e.length-1,r=[],i,a=t===2?`<svg>`:t===3?`<math>`:``,o=S;for(let t=0;t<n;t++){let n=e[t],s,c,l=-1,u=0;for(;u<n.length&&(o.lastIndex=u,c=o.exec(n),c!==null);)u=o.lastIndex,o===S?c[1]===`!--`?o=ge:c[1]===void 0?c[2]===void 0?c[3]!==void 0&&(o=C):(be.test(c[2])&&(i=RegExp(`</`+c[2],`g`)),o=C):o=_e:o===C?c[0]===`>`?(o=i??S,l=-1):c[1]===void 0?l=-2:(l=o.lastIndex-c[2].length,s=c[1],o=c[3]===void 0?C:c[3]===`"`?ye:ve):o===ye||o===ve?o=C:o===ge||o===_e?o=S:(o=C,i=void 0);let d=o===C&&e[t+1].startsWith(`/>`)?` `:``;a+=o===S?n+pe:l>=0?(r.push(s),n.slice(0,l)+de+n.slice(l)+_+d):n+_+(l===-2?t:d)}return[Se(e,a+(e[n]||`<?>`)+(t===2?`</svg>`:t===3?`</math>`:``)),r]},O=class e{constructor({strings:t,_$litType$:n},r){let i;this.parts=[];let a=0,o=0,s=t.length-1,c=this.parts,[l,u]=Ce(t,n);if(this.el=e.createElement(l,r),D.currentNode=this.el.content,n===2||n===3){let e=this.el.content.firstChild;e.replaceWith(...e.childNodes)}for(;(i=D.nextNode())!==null&&c.length<s;){if(i.nodeType===1){if(i.hasAttributes())for(let e of i.getAttributeNames())if(e.endsWith(de)){let t=u[o++],n=i.getAttribute(e).split(_),r=/([.?@])?(.*)/.exec(t);c.push({type:1,index:a,name:r[2],strings:n,ctor:r[1]===`.`?Te:r[1]===`?`?Ee:r[1]===`@`?De:j}),i.removeAttribute(e)}else e.startsWith(_)&&(c.push({type:6,index:a}),i.removeAttribute(e));if(be.test(i.tagName)){let e=i.textContent.split(_),t=e.length-1;if(t>0){i.textContent=g?g.emptyScript:``;for(let n=0;n<t;n++)i.append(e[n],y()),D.nextNode(),c.push({type:2,index:++a});i.append(e[t],y())}}}else if(i.nodeType===8){if(i.data===fe)c.push({type:2,index:a});else{let e=-1;for(;(e=i.data.indexOf(_,e+1))!==-1;)c.push({type:7,index:a}),e+=_.length-1}}a++}}static createElement(e,t){let n=v.createElement(`template`);return n.innerHTML=e,n}};function k(e,t,n=e,r){if(t===T)return t;let i=r===void 0?n._$Cl:n._$Co?.[r],a=b(t)?void 0:t._$litDirective$;return i?.constructor!==a&&(i?._$AO?.(!1),a===void 0?i=void 0:(i=new a(e),i._$AT(e,n,r)),r===void 0?n._$Cl=i:(n._$Co??=[])[r]=i),i!==void 0&&(t=k(e,i._$AS(e,t.values),i,r)),t}var we=class{constructor(e,t){this._$AV=[],this._$AN=void 0,this._$AD=e,this._$AM=t}get parentNode(){return this._$AM.parentNode}get _$AU(){return this._$AM._$AU}u(e){let{el:{content:t},parts:n}=this._$AD,r=(e?.creationScope??v).importNode(t,!0);D.currentNode=r;let i=D.nextNode(),a=0,o=0,s=n[0];for(;s!==void 0;){if(a===s.index){let t;s.type===2?t=new A(i,i.nextSibling,this,e):s.type===1?t=new s.ctor(i,s.name,s.strings,this,e):s.type===6&&(t=new Oe(i,this,e)),this._$AV.push(t),s=n[++o]}a!==s?.index&&(i=D.nextNode(),a++)}return D.currentNode=v,r}p(e){let t=0;for(let n of this._$AV)n!==void 0&&(n.strings===void 0?n._$AI(e[t]):(n._$AI(e,n,t),t+=n.strings.length-2)),t++}},A=class e{get _$AU(){return this._$AM?._$AU??this._$Cv}constructor(e,t,n,r){this.type=2,this._$AH=E,this._$AN=void 0,this._$AA=e,this._$AB=t,this._$AM=n,this.options=r,this._$Cv=r?.isConnected??!0}get parentNode(){let e=this._$AA.parentNode,t=this._$AM;return t!==void 0&&e?.nodeType===11&&(e=t.parentNode),e}get startNode(){return this._$AA}get endNode(){return this._$AB}_$AI(e,t=this){e=k(this,e,t),b(e)?e===E||e==null||e===``?(this._$AH!==E&&this._$AR(),this._$AH=E):e!==this._$AH&&e!==T&&this._(e):e._$litType$===void 0?e.nodeType===void 0?me(e)?this.k(e):this._(e):this.T(e):this.$(e)}O(e){return this._$AA.parentNode.insertBefore(e,this._$AB)}T(e){this._$AH!==e&&(this._$AR(),this._$AH=this.O(e))}_(e){this._$AH!==E&&b(this._$AH)?this._$AA.nextSibling.data=e:this.T(v.createTextNode(e)),this._$AH=e}$(e){let{values:t,_$litType$:n}=e,r=typeof n==`number`?this._$AC(e):(n.el===void 0&&(n.el=O.createElement(Se(n.h,n.h[0]),this.options)),n);if(this._$AH?._$AD===r)this._$AH.p(t);else{let e=new we(r,this),n=e.u(this.options);e.p(t),this.T(n),this._$AH=e}}_$AC(e){let t=xe.get(e.strings);return t===void 0&&xe.set(e.strings,t=new O(e)),t}k(t){x(this._$AH)||(this._$AH=[],this._$AR());let n=this._$AH,r,i=0;for(let a of t)i===n.length?n.push(r=new e(this.O(y()),this.O(y()),this,this.options)):r=n[i],r._$AI(a),i++;i<n.length&&(this._$AR(r&&r._$AB.nextSibling,i),n.length=i)}_$AR(e=this._$AA.nextSibling,t){for(this._$AP?.(!1,!0,t);e!==this._$AB;){let t=le(e).nextSibling;le(e).remove(),e=t}}setConnected(e){this._$AM===void 0&&(this._$Cv=e,this._$AP?.(e))}},j=class{get tagName(){return this.element.tagName}get _$AU(){return this._$AM._$AU}constructor(e,t,n,r,i){this.type=1,this._$AH=E,this._$AN=void 0,this.element=e,this.name=t,this._$AM=r,this.options=i,n.length>2||n[0]!==``||n[1]!==``?(this._$AH=Array(n.length-1).fill(/* @__PURE__ */ new String),this.strings=n):this._$AH=E}_$AI(e,t=this,n,r){let i=this.strings,a=!1;if(i===void 0)e=k(this,e,t,0),a=!b(e)||e!==this._$AH&&e!==T,a&&(this._$AH=e);else{let r=e,o,s;for(e=i[0],o=0;o<i.length-1;o++)s=k(this,r[n+o],t,o),s===T&&(s=this._$AH[o]),a||=!b(s)||s!==this._$AH[o],s===E?e=E:e!==E&&(e+=(s??``)+i[o+1]),this._$AH[o]=s}a&&!r&&this.j(e)}j(e){e===E?this.element.removeAttribute(this.name):this.element.setAttribute(this.name,e??``)}},Te=class extends j{constructor(){super(...arguments),this.type=3}j(e){this.element[this.name]=e===E?void 0:e}},Ee=class extends j{constructor(){super(...arguments),this.type=4}j(e){this.element.toggleAttribute(this.name,!!e&&e!==E)}},De=class extends j{constructor(e,t,n,r,i){super(e,t,n,r,i),this.type=5}_$AI(e,t=this){if((e=k(this,e,t,0)??E)===T)return;let n=this._$AH,r=e===E&&n!==E||e.capture!==n.capture||e.once!==n.once||e.passive!==n.passive,i=e!==E&&(n===E||r);r&&this.element.removeEventListener(this.name,this,n),i&&this.element.addEventListener(this.name,this,e),this._$AH=e}handleEvent(e){typeof this._$AH==`function`?this._$AH.call(this.options?.host??this.element,e):this._$AH.handleEvent(e)}},Oe=class{constructor(e,t,n){this.element=e,this.type=6,this._$AN=void 0,this._$AM=t,this.options=n}get _$AU(){return this._$AM._$AU}_$AI(e){k(this,e)}},ke=h.litHtmlPolyfillSupport;ke?.(O,A),(h.litHtmlVersions??=[]).push(`3.3.3`);var Ae=(e,t,n)=>{let r=n?.renderBefore??t,i=r._$litPart$;if(i===void 0){let e=n?.renderBefore??null;r._$litPart$=i=new A(t.insertBefore(y(),e),e,void 0,n??{})}return i._$AI(e),i},M=globalThis,N=class extends m{constructor(){super(...arguments),this.renderOptions={host:this},this._$Do=void 0}createRenderRoot(){let e=super.createRenderRoot();return this.renderOptions.renderBefore??=e.firstChild,e}update(e){let t=this.render();this.hasUpdated||(this.renderOptions.isConnected=this.isConnected),super.update(e),this._$Do=Ae(t,this.renderRoot,this.renderOptions)}connectedCallback(){super.connectedCallback(),this._$Do?.setConnected(!0)}disconnectedCallback(){super.disconnectedCallback(),this._$Do?.setConnected(!1)}render(){return T}};N._$litElement$=!0,N.finalized=!0,M.litElementHydrateSupport?.({LitElement:N});var je=M.litElementPolyfillSupport;je?.({LitElement:N}),(M.litElementVersions??=[]).push(`4.2.2`);var P=`niiza_cctv`,F=class extends Error{cause;constructor(e){super(e.message??e.code??``),this.cause=e}get refusesPerson(){return this.cause.code===`unauthorized`||!!this.cause.translation_key?.startsWith(`not_allowed`)}};function Me(e){return new F(typeof e==`object`&&e?e:{message:String(e)})}var Ne=class{connection;constructor(e){this.connection=e}async send(e){try{return await this.connection.sendMessagePromise(e)}catch(e){throw Me(e)}}async act(e,t){let n=Object.fromEntries(Object.entries(t).filter(([,e])=>e!==void 0&&e!==``)),{response:r}=await this.send({type:`call_service`,domain:P,service:e,service_data:n,return_response:!0});return r}info=()=>this.send({type:`${P}/info`});changes=async e=>{try{return await this.connection.subscribeMessage(e,{type:`${P}/subscribe`})}catch(e){throw Me(e)}};ledgerPage=e=>this.send({type:`${P}/ledger`,...e?{before:e}:{}}).then(e=>e.entries);playback=(e,t,n)=>this.send({type:`${P}/playback`,camera:e,start:t,end:n});watchClip=e=>this.send({type:`${P}/watch_clip`,clip:e});listCases=async()=>(await this.act(`list_cases`,{})).cases;getCase=e=>this.act(`get_case`,{case:e});findRecordings=(e,t)=>this.act(`find_recordings`,{...e,case:t}).then(e=>e.cameras);createCase=(e,t,n)=>this.act(`create_case`,{kind:e,...t,...n});exportClip=(e,t)=>this.act(`export_clip`,{case:e,...t});cancelClip=e=>this.act(`cancel_clip`,{clip:e});approve=(e,t,n)=>this.act(`approve_case`,{case:e,note:t,clips:n});reject=(e,t)=>this.act(`reject_case`,{case:e,reason:t});release=(e,t)=>this.act(`release_case`,{case:e,encrypt:t});handOver=(e,t,n,r)=>this.act(`hand_over`,{case:e,recipient:t,medium:n,medium_serial:r});conclude=(e,t,n)=>this.act(`conclude_case`,{case:e,outcome:t,reasons:n});purge=e=>this.act(`purge_case`,{case:e});exportLedger=e=>this.act(`export_ledger`,{form:e});verifyLedger=()=>this.act(`verify_ledger`,{})},I=o`
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
`;async function Pe(e){await Promise.all([`config_panel`,`exceptions`].map(t=>e.loadBackendTranslation(t,P)))}function L(e){return(t,n)=>e.localize(`component.niiza_cctv.config_panel.${t}`,n)||t}function R(e,t,n,r){let i=e(t,r);return i===t?n:i}function z(e,t,n){if(!(n instanceof F))return t(`common.failed`);let{translation_domain:r,translation_key:i,translation_placeholders:a,message:o,code:s}=n.cause;return i&&e.localize(`component.${r??`niiza_cctv`}.exceptions.${i}.message`,a)||(s===`unauthorized`?t(`common.unauthorized`):o??t(`common.failed`))}var B=class extends N{static styles=[I];static properties={context:{attribute:!1},busy:{state:!0},error:{state:!0},refused:{state:!0}};constructor(){super(),this.busy=``,this.error=``,this.refused=!1}async attempt(e,t){if(this.busy)return!1;this.busy=e,this.error=``,this.refused=!1;try{return await t(),!0}catch(e){return this.error=this.wording(e),this.refused=e instanceof F&&e.refusesPerson,!1}finally{this.busy=``}}wording(e){return z(this.context.hass,this.context.t,e)}errorAlert(e=this.error){return e?w`<ha-alert alert-type="error" role="alert">${e}</ha-alert>`:E}},V=class extends B{static properties={...B.properties,changes:{type:Number},unread:{state:!0}};reading=!1;again=!1;constructor(){super(),this.changes=0,this.unread=``}willUpdate(e){e.has(`changes`)&&this.refresh()}async refresh(){if(this.reading)this.again=!0;else{this.reading=!0;try{do this.again=!1,await this.read(),this.unread=``;while(this.again)}catch(e){this.unread=this.wording(e)}finally{this.reading=!1}}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}};function Fe(e){history.pushState(null,``,`${H()}/${e}`),window.dispatchEvent(new CustomEvent(`location-changed`))}function H(){return`/niiza-cctv`}async function Ie(e){try{return await navigator.clipboard.writeText(e),!0}catch{return!1}}var U=/* @__PURE__ */ new Map;function Le(e){return{...U.get(e)}}function W(e,t){Object.values(t).some(Boolean)?U.set(e,t):U.delete(e)}function Re(e){U.delete(e)}function ze(){U.clear()}function Be(e){U.size&&e.preventDefault()}function Ve(){window.addEventListener(`beforeunload`,Be),window.addEventListener(`hass-logout`,ze)}var G=/* @__PURE__ */ new Set([`received`,`preserved`,`approved`,`released`]),He={add_clip:`exporter`,approve:`approver`,reject:`approver`,release:`exporter`,hand_over:`exporter`,conclude:`exporter`,purge:`exporter`};function Ue(e,t){return t.kinds.find(t=>t.kind===e.kind)}function We(e,t){return Ue(e,t)?.may_release_master??!1}function Ge(e){return e.passages.some(e=>e.state===`requested`||e.state===`failed`)}function Ke(e,t){let n=e.passages.some(e=>e.state===`sealed`),r=e.state===`approved`||e.state===`released`,i=e.searches>0||e.passages.some(e=>e.error===`nothing_found`);return(Ue(e,t)?.outcomes??[]).filter(t=>t===`nothing_found`?G.has(e.state)&&!n&&i:r&&(t===`refused`||n))}function qe(e,t){let n=We(e,t),r=Ke(e,t).length?[`conclude`]:[],i=e.passages.some(e=>e.state===`sealed`);switch(e.state){case`received`:return[`add_clip`,...r,...n?[]:[`approve`],`reject`];case`preserved`:return[`approve`,`add_clip`,...r,`reject`];case`approved`:return[...n?[`release`]:[],...r,`add_clip`,`reject`];case`released`:return[`hand_over`,`release`,...r,`reject`];case`handed_over`:return i?[`purge`,`approve`]:[];case`concluded`:case`rejected`:case`expired`:return i?[`purge`]:[];case`purged`:return[]}}function Je(e,t,n){let r=He[e];if(!n.roles.includes(r))return r===`approver`?`why.not_approver`:`why.not_exporter`;if(!n.ledger.available)return`why.ledger_down`;let i=[t.created_by.id,...t.passages.map(e=>e.asked_by.id)];return(e===`approve`||e===`reject`)&&i.includes(n.user.id)?`why.own_request`:e===`approve`&&Ge(t)?`why.still_fetching`:(e===`release`||e===`conclude`)&&t.approved_by?.id===n.user.id?`why.own_approval`:null}function Ye(e,t){return qe(e,t).map(n=>({act:n,why:Je(n,e,t)})).filter(({act:e,why:n},r)=>r===0||n===null||t.roles.includes(He[e]))}function Xe(e,t){switch(e.state){case`received`:{let t=e.passages?.filter(e=>e.state!==`cancelled`);return t?.length&&t.every(e=>e.state===`failed`)?`next.failed`:t?.length??e.clips?`next.fetching`:`next.find`}case`preserved`:return`next.approve`;case`approved`:return We(e,t)?`next.release`:`next.conclude`;case`released`:return`next.hand_over`;case`handed_over`:case`concluded`:case`rejected`:case`expired`:return`next.purge`;case`purged`:return`next.nothing`}}function Ze(e,t){let n=t.roles.includes(`approver`)&&e.created_by.id!==t.user.id;return e.state===`preserved`?n:t.roles.includes(`exporter`)&&[`approved`,`released`].includes(e.state)}function K(e,t){return e===null?null:(new Date(e).getTime()-t.getTime())/36e5}var Qe=class{language;timeZone;full;day;local;constructor(e,t){this.language=e,this.timeZone=t;let n={year:`numeric`,month:`short`,day:`numeric`,weekday:`short`},r={hour:`2-digit`,minute:`2-digit`,second:`2-digit`,hourCycle:`h23`};this.full=new Intl.DateTimeFormat(e,{timeZone:t,...n,...r}),this.day=new Intl.DateTimeFormat(e,{timeZone:t,...n}),this.local=new Intl.DateTimeFormat(`sv-SE`,{timeZone:t,dateStyle:`short`,timeStyle:`medium`})}at(e){return this.full.format(new Date(e))}date(e){return this.day.format(new Date(e))}zoneName(){return new Intl.DateTimeFormat(this.language,{timeZone:this.timeZone,timeZoneName:`long`}).formatToParts().find(e=>e.type===`timeZoneName`)?.value??this.timeZone}field(e){return this.local.format(new Date(e)).replace(` `,`T`)}};function q(e){return/T\d\d:\d\d$/.test(e)?`${e}:00`:e}function $e(e,t,n){let[r,i,a]=[e,t,n].map(e=>new Date(e).getTime());return a<=i?0:Math.min(100,Math.max(0,(r-i)/(a-i)*100))}function et(e){let t=Math.max(0,Math.round(e)),n=[Math.floor(t/3600),Math.floor(t%3600/60),t%60];return(n[0]?n:n.slice(1)).map((e,t)=>t?String(e).padStart(2,`0`):String(e)).join(`:`)}var tt={received:`mdi:inbox-arrow-down`,preserved:`mdi:lock-check`,approved:`mdi:check-decagram`,released:`mdi:package-variant-closed-check`,handed_over:`mdi:handshake`,concluded:`mdi:flag-checkered`,rejected:`mdi:close-octagon`,expired:`mdi:timer-off`,purged:`mdi:delete-empty`};function J(e,t){return w`<span class="chip risk"
    ><ha-icon icon="mdi:timer-alert"></ha-icon>${t>0?e(`cases.at_risk`,{hours:Math.floor(t)}):e(`cases.lost`)}</span
  >`}function nt(e,t,n,r){let i=e=>$e(e,t.start,t.end);return w`<div class="bar" role="img" aria-label=${e(`find.bar`,{gaps:n.length})}>
    ${n.map(e=>w`<div
          class="gap"
          style="inset-inline-start:${i(e.start)}%;inline-size:${i(e.end)-i(e.start)}%"
        ></div>`)}
    ${r===void 0?E:w`<div class="now" style="inset-inline-start:calc(${i(r)}% - 1px)"></div>`}
  </div>`}function rt(e,t,n){return n.length?w`<ul class="small">
        ${n.map(n=>w`<li class="with-icon">
              <ha-icon icon="mdi:film-off"></ha-icon>${e(`find.gap`,{start:t.at(n.start),end:t.at(n.end)})}
            </li>`)}
      </ul>`:E}function Y(e,t,n,r=``){return e.localize(`component.niiza_cctv.exceptions.${t}.message`,{camera:n,case:r})||t}function it(e,t,n){return R(e,`failures.${t}`,``,{camera:n})||void 0}function at(e,t,n){return n.error?Y(e,n.error,n.camera_name):n.stretches.length?n.gaps.length?t(`find.partly`):t(`find.complete`):t(`find.nothing`)}var X={cameras:``,start:``,end:``,margin:`60`},ot=[0,10,30,60,300];function Z(e){return!!(e.cameras||e.start||e.end)}function st(e){return e.cameras.split(`
`).filter(Boolean)}function Q(e){let t=st(e),[n,r]=[q(e.start),q(e.end)];return!t.length||!n||!r||n>=r?null:{cameras:t,start:n,end:r,margin:Number(e.margin)}}var ct=class extends B{static properties={...B.properties,typed:{attribute:!1},caseId:{type:String},required:{type:Boolean},found:{state:!0},watched:{state:!0}};static styles=[I,o`
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
    `];foundFor=null;constructor(){super(),this.typed=X,this.caseId=``,this.required=!1,this.watched=``}willUpdate(e){e.has(`typed`)&&this.found&&!this.covered()&&(this.found=void 0,this.watched=``)}covered(){let e=Q(this.typed),t=this.foundFor;return e!==null&&t!==null&&e.cameras.join()===t.cameras.join()&&e.start>=t.start&&e.end<=t.end}check(){let e=this.renderRoot,t=[...e.querySelectorAll(`input`)];for(let e of t)e.setCustomValidity(``);let{t:n}=this.context;if(this.required||Z(this.typed)){let t=e.querySelector(`input[name=camera]`);this.typed.cameras||t?.setCustomValidity(n(`find.choose_camera`));let r=e.querySelector(`#end`);this.typed.start&&this.typed.end&&q(this.typed.start)>=q(this.typed.end)&&r?.setCustomValidity(n(`find.end_first`))}return t.every(e=>e.reportValidity())}change(e){this.typed={...this.typed,...e};for(let e of this.renderRoot.querySelectorAll(`input`))e.setCustomValidity(``);this.dispatchEvent(new CustomEvent(`typed`,{detail:this.typed}))}toggle(e,t){let n=new Set(st(this.typed));t?n.add(e):n.delete(e),this.change({cameras:[...n].join(`
`)})}async find(){let e=Q(this.typed);this.check()&&e&&await this.attempt(`find`,async()=>{let{cameras:t,start:n,end:r}=e;this.found=await this.context.api.findRecordings({cameras:t,start:n,end:r},this.caseId||void 0),this.foundFor=e})}time(e){let{t}=this.context,n=this.required||Z(this.typed);return w`<div class="field">
      <label for=${e}
        >${t(`find.${e}`)} ${n?w`<span class="mark">${t(`common.required`)}</span>`:E}</label
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
    </div>`}result(e){let{t,clock:n,info:r}=this.context,i=this.foundFor,a=K(e.overwritten_at,/* @__PURE__ */ new Date),o=r.roles.includes(`viewer`);return w`<li class="found">
      <h3>${e.camera_name}</h3>
      <p class="with-icon">
        <ha-icon icon=${e.error||!e.stretches.length?`mdi:film-off`:e.gaps.length?`mdi:alert`:`mdi:check-circle`}></ha-icon>
        ${at(this.context.hass,t,e)}
      </p>
      ${!e.error&&i?nt(t,i,e.gaps):E}
      ${rt(t,n,e.gaps)}
      ${!e.error&&!e.exact?w`<p class="small soft">${t(`find.inexact`)}</p>`:E}
      ${e.clock_offset!==null&&Math.abs(e.clock_offset)>2?w`<p class="small soft">
            ${t(e.clock_offset>0?`find.clock_ahead`:`find.clock_behind`,{seconds:Math.abs(e.clock_offset)})}
          </p>`:E}
      ${e.overwritten_at?w`<p class="row">
            ${t(`find.overwritten_at`,{at:n.at(e.overwritten_at)})}
            ${a!==null&&a<48?J(t,a):E}
          </p>`:E}
      ${o&&e.stretches.length?w`<div>
            <button
              type="button"
              aria-expanded=${this.watched===e.camera}
              @click=${()=>{this.watched=this.watched===e.camera?``:e.camera}}
            >
              <ha-icon icon=${this.watched===e.camera?`mdi:close`:`mdi:play`}></ha-icon>
              ${t(this.watched===e.camera?`watch.close`:`watch.open`)}
            </button>
          </div>`:E}
      ${this.watched===e.camera&&i?w`<niiza-cctv-watch
            .context=${this.context}
            .camera=${e.camera}
            .cameraName=${e.camera_name}
            .start=${i.start}
            .end=${i.end}
            .pick=${!0}
            @picked=${e=>{this.change({[e.detail.edge]:this.context.clock.field(e.detail.at)})}}
          ></niiza-cctv-watch>`:E}
    </li>`}render(){let{t:e,info:t}=this.context,n=st(this.typed);return w`
      <fieldset>
        <legend>
          ${e(`find.cameras`)}
          ${this.required||Z(this.typed)?w`<span class="mark">${e(`common.required`)}</span>`:E}
        </legend>
        <div class="choices">
          ${t.cameras.map(e=>w`<label class="choice"
                ><input
                  type="checkbox"
                  name="camera"
                  .checked=${n.includes(e.unique_id)}
                  @change=${t=>{this.toggle(e.unique_id,t.target.checked)}}
                />${e.name}</label
              >`)}
        </div>
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
            ${ot.map(t=>w`<option value=${t} ?selected=${this.typed.margin===String(t)}>
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
        ${this.found?w`<ul>
              ${this.found.map(e=>this.result(e))}
            </ul>`:E}
      </div>
    `}},lt=[`received`,`preserved`,`approved`,`released`,`handed_over`,`purged`],ut={add_clip:`mdi:movie-plus`,approve:`mdi:check-decagram`,reject:`mdi:close-octagon`,release:`mdi:package-variant-closed-check`,hand_over:`mdi:handshake`,conclude:`mdi:flag-checkered`,purge:`mdi:delete`},dt={requested:`mdi:progress-download`,sealed:`mdi:lock-check`,failed:`mdi:alert-circle`,cancelled:`mdi:cancel`,removed:`mdi:delete-empty`},ft={requested:[`card`],sealed:[`sealed`,`card`],failed:[`card`],cancelled:[`card`],removed:[]},pt=[`note`,`reason`,`reasons`,`outcome`,`recipient`,`medium`,`medium_serial`,`clip`,`error`,`what`],mt=e=>Object.fromEntries((e?.passages??[]).flatMap(e=>e.sealed?[[e.clip,e.sealed.master.sha256]]:[])),ht=class extends V{static properties={...V.properties,caseId:{type:String},shown:{state:!0},asking:{state:!0},typed:{state:!0},passage:{state:!0},released:{state:!0},downloaded:{state:!0},copied:{state:!0},watched:{state:!0}};static styles=[I,o`
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
    `];constructor(){super(),this.caseId=``,this.asking=``,this.typed={},this.passage=X,this.downloaded=!1,this.copied=``,this.watched=``}willUpdate(e){e.has(`caseId`)&&(this.shown=void 0,this.released=void 0,this.asking=``,this.refresh()),super.willUpdate(e)}async read(){let e=this.caseId,t=await this.context.api.getCase(e);e===this.caseId&&(this.shown=t)}draftName(e){return`case/${this.caseId}/${e}`}ask(e){this.error=``,this.asking=e;let t=Le(this.draftName(e));e===`add_clip`?this.passage={...X,...t}:(this.typed=t,e===`hand_over`&&(this.typed.recipient??=this.shown?.request.requester??``))}type(e,t){this.asking&&(this.typed={...this.typed,[e]:t},W(this.draftName(this.asking),this.typed))}dismiss(){this.asking=``,this.error=``}async take(e,t){if(e.preventDefault(),!e.target.reportValidity())return;let n=e=>this.typed[e]?.trim()??``,{api:r}=this.context,i=this.caseId;await this.attempt(t,async()=>{switch(t){case`add_clip`:{let e=this.renderRoot.querySelector(`#passage`),t=Q(this.passage);if(!e?.check()||!t)return;await r.exportClip(i,t);break}case`approve`:await r.approve(i,n(`note`),mt(this.shown));break;case`reject`:await r.reject(i,n(`reason`));break;case`release`:this.released=await r.release(i,this.typed.encrypt===`yes`),this.downloaded=!1,this.copied=``;break;case`hand_over`:await r.handOver(i,n(`recipient`),n(`medium`),n(`medium_serial`));break;case`conclude`:await r.conclude(i,n(`outcome`),n(`reasons`));break;case`purge`:await r.purge(i)}Re(this.draftName(t)),this.asking=``,await this.refresh()})&&t===`release`&&this.released&&(await this.updateComplete,this.renderRoot.querySelector(`#package`)?.focus())}async cancelClip(e){window.confirm(this.context.t(`clip.cancel_question`,{camera:e.camera_name}))&&await this.attempt(e.clip,async()=>{await this.context.api.cancelClip(e.clip),await this.refresh()})}async retryClip(e){await this.attempt(e.clip,async()=>{e.state===`failed`&&await this.context.api.cancelClip(e.clip),await this.context.api.exportClip(this.caseId,{cameras:[e.camera],start:e.start,end:e.end,margin:0}),await this.refresh()})}line(e,t=!0,n=``){let{t:r}=this.context;return w`<div class="field">
      <label for=${e}
        >${R(r,`fields.${e}`,e)}
        ${t?w`<span class="mark">${r(`common.required`)}</span>`:E}</label
      >
      ${n?w`<span class="soft small" id="${e}-help">${n}</span>`:E}
      <input
        id=${e}
        type="text"
        maxlength="200"
        autocomplete="off"
        ?required=${t}
        aria-describedby=${n?`${e}-help`:E}
        .value=${this.typed[e]??``}
        @input=${t=>{this.type(e,t.target.value)}}
      />
    </div>`}long(e,t){let{t:n}=this.context;return w`<div class="field">
      <label for=${e}
        >${R(n,`fields.${e}`,e)}
        ${t?w`<span class="mark">${n(`common.required`)}</span>`:E}</label
      >
      <textarea
        id=${e}
        maxlength="1000"
        ?required=${t}
        .value=${this.typed[e]??``}
        @input=${t=>{this.type(e,t.target.value)}}
      ></textarea>
    </div>`}questions(e,t){let{t:n,info:r}=this.context;switch(e){case`add_clip`:return w`<niiza-cctv-passage
          id="passage"
          .context=${this.context}
          .typed=${this.passage}
          .caseId=${t.case}
          .required=${!0}
          @typed=${e=>{this.passage=e.detail,W(this.draftName(`add_clip`),Z(this.passage)?{...this.passage}:{})}}
        ></niiza-cctv-passage>`;case`approve`:return w`<ul>
            ${t.passages.filter(e=>e.sealed).map(e=>w`<li>
                    <strong>${e.camera_name}</strong> ${this.span(e)}<br />
                    <span class="small mono">SHA-256 ${e.sealed?.master.sha256}</span>
                  </li>`)}
          </ul>
          ${this.long(`note`,!1)}`;case`reject`:return this.long(`reason`,!0);case`release`:return w`<fieldset class="form">
          <legend>${n(`release.form`)}</legend>
          ${[`no`,`yes`].map(e=>w`<label class="choice"
                ><input
                  type="radio"
                  name="encrypt"
                  .checked=${(this.typed.encrypt??`no`)===e}
                  @change=${()=>{this.type(`encrypt`,e)}}
                />${n(e===`yes`?`release.encrypted`:`release.plain`)}</label
              >`)}
        </fieldset>`;case`hand_over`:return w`${this.line(`recipient`)} ${this.line(`medium`,!0,n(`help.medium`))}
        ${this.line(`medium_serial`,!0,n(`help.medium_serial`))}`;case`conclude`:return w`<fieldset>
            <legend>${n(`fields.outcome`)} <span class="mark">${n(`common.required`)}</span></legend>
            <div class="choices">
              ${Ke(t,r).map(e=>w`<label class="choice"
                    ><input
                      type="radio"
                      name="outcome"
                      required
                      .checked=${this.typed.outcome===e}
                      @change=${()=>{this.type(`outcome`,e)}}
                    />${n(`outcomes.${e}`)}</label
                  >`)}
            </div>
          </fieldset>
          ${this.long(`reasons`,!0)}`;case`purge`:return E}}question(e,t){let{t:n}=this.context,r=w`<form class="form" @submit=${t=>void this.take(t,e)}>
      <p>${n(`ask.${e}`)}</p>
      ${this.questions(e,t)} ${this.errorAlert()}
      <div class="row">
        <button type="button" class="flat" ?disabled=${!!this.busy} @click=${this.dismiss}>
          ${n(`common.back`)}
        </button>
        <button type="submit" class=${e===`purge`||e===`reject`?`danger`:`main`} ?disabled=${!!this.busy}>
          <ha-icon icon=${ut[e]}></ha-icon>
          ${n(this.busy===e?e===`release`?`release.making`:`common.working`:`do.${e}`)}
        </button>
      </div>
    </form>`,i=n(`do.${e}`);return e===`add_clip`?w`<ha-card><h2>${i}</h2>${r}</ha-card>`:w`<niiza-cctv-dialog .heading=${i} @dismissed=${this.dismiss}>${r}</niiza-cctv-dialog>`}span(e){let{t,clock:n}=this.context;return t(`clip.span`,{start:n.at(e.start),end:n.at(e.end)})}way(e){let{t}=this.context,n=lt.indexOf(e.state);return n<0?E:w`<ol class="way" aria-label=${t(`case.way`)}>
      ${lt.map((e,r)=>w`<li class=${r<n?`past`:``} aria-current=${r===n?`step`:E}>
            <ha-icon icon=${r<n?`mdi:check`:tt[e]}></ha-icon>
            <span>${t(`states.${e}`)}</span>
          </li>`)}
    </ol>`}offer({act:e,why:t},n,r){let{t:i}=this.context;return w`<div>
      <button
        class=${t?``:e===`purge`||e===`reject`?`danger`:n?`main`:``}
        ?disabled=${t!==null}
        aria-describedby=${t?`why-${e}`:E}
        @click=${()=>{this.ask(e)}}
      >
        <ha-icon icon=${ut[e]}></ha-icon>${i(e===`release`&&r?`do.release_again`:`do.${e}`)}
      </button>
      ${t?w`<p class="small soft" id="why-${e}">${i(t)}</p>`:E}
    </div>`}next(e){let{t,clock:n,info:r}=this.context,i=Ye(e,r),a=K(e.overwritten_at,/* @__PURE__ */ new Date);return w`<ha-card>
      ${this.way(e)}
      <h2 class="with-icon here">
        <ha-icon icon=${tt[e.state]}></ha-icon>${t(`states.${e.state}`)}
      </h2>
      <p class="next">${t(Xe(e,r))}</p>
      ${e.overwritten_at&&G.has(e.state)?w`<p class="row">
            ${t(`case.overwritten_at`,{at:n.at(e.overwritten_at)})}
            ${a!==null&&a<48?J(t,a):E}
          </p>`:E}
      ${e.kept_until?w`<p class="soft">
            ${t(G.has(e.state)?`case.expires`:`case.removed_at`,{at:n.at(e.kept_until)})}
          </p>`:E}
      <div class="offers">${i.map((t,n)=>this.offer(t,n===0,e.state===`released`))}</div>
      ${this.asking?E:this.errorAlert()}
    </ha-card>`}package(e){let{t,clock:n}=this.context;return w`<ha-card id="package" tabindex="-1" role="region" aria-labelledby="package-heading">
      <h2 id="package-heading">${t(`release.heading`)}</h2>
      ${e.passphrase?w`<ha-alert alert-type="warning">${t(`release.passphrase_warning`)}</ha-alert>
            <p></p>
            <p class="passphrase mono" aria-label=${t(`release.passphrase`)}>${e.passphrase}</p>
            <p class="row">
              <button @click=${()=>void this.copyPassphrase(e.passphrase??``)}>
                <ha-icon icon="mdi:content-copy"></ha-icon>${t(`release.copy`)}
              </button>
              <span role="status">${this.copied}</span>
            </p>`:E}
      ${this.downloaded?w`<p>${t(`release.downloaded`)}</p>`:w`<p class="row">
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
    </ha-card>`}async copyPassphrase(e){let{t}=this.context;this.copied=await Ie(e)?t(`release.copied`):t(`release.not_copied`)}progress(e){let{t}=this.context,{progress:n}=e;if(!n||e.state!==`requested`)return E;let r=Math.floor(n.percent),i=[R(t,`progress.${n.state}`,n.state),n.state===`queued`&&n.place>0?t(`progress.place`,{place:n.place}):``,n.remaining===null?``:t(`progress.remaining`,{time:et(n.remaining)})].filter(Boolean);return w`<div>
      <progress max="100" .value=${n.percent} aria-label=${t(`progress.label`,{camera:e.camera_name})}>
        ${r}%
      </progress>
      <div class="row spread small"><span>${i.join(`・`)}</span><span>${r}%</span></div>
    </div>`}clip(e,t){let{t:n,clock:r,info:i}=this.context,a=i.roles.includes(`exporter`),o=K(e.overwritten_at,/* @__PURE__ */ new Date),s=(t.state===`purged`?[]:ft[e.state]).filter(e=>e===`sealed`||i.roles.includes(`viewer`)),c=G.has(t.state)&&t.state!==`released`&&a,l=e.state===`requested`||e.state===`failed`;return w`<li>
      <div class="row spread">
        <h3>${e.camera_name}</h3>
        <span class="chip ${e.state===`failed`?`risk`:``}"
          ><ha-icon icon=${dt[e.state]}></ha-icon>${n(`clip.${e.state}`)}</span
        >
      </div>
      <p>${this.span(e)}</p>
      ${this.progress(e)}
      ${e.error&&l?this.trouble(e,e.error):E}
      ${e.overwritten_at&&l?w`<p class="row small">
            ${n(`find.overwritten_at`,{at:r.at(e.overwritten_at)})}
            ${o!==null&&o<48?J(n,o):E}
          </p>`:E}
      ${e.sealed?this.sealed(e):E}
      <div class="row">
        ${s.map(t=>this.watchButton(e,t))}
        ${c&&l?w`<button ?disabled=${!!this.busy} @click=${()=>void this.cancelClip(e)}>
              <ha-icon icon="mdi:cancel"></ha-icon>${n(`clip.cancel`)}
            </button>`:E}
        ${c&&(e.state===`failed`||e.state===`cancelled`)?w`<button ?disabled=${!!this.busy} @click=${()=>void this.retryClip(e)}>
              <ha-icon icon="mdi:refresh"></ha-icon>${n(`clip.retry`)}
            </button>`:E}
      </div>
      ${s.includes(`sealed`)&&this.watched===`sealed/${e.clip}`?w`<niiza-cctv-sealed
            .context=${this.context}
            .clip=${e.clip}
            .cameraName=${e.camera_name}
          ></niiza-cctv-sealed>`:E}
      ${s.includes(`card`)&&this.watched===`card/${e.clip}`?w`<niiza-cctv-watch
            .context=${this.context}
            .camera=${e.camera}
            .cameraName=${e.camera_name}
            .start=${e.start}
            .end=${e.end}
            .kept=${e.state===`sealed`}
          ></niiza-cctv-watch>`:E}
    </li>`}watchButton(e,t){let{t:n}=this.context,r=`${t}/${e.clip}`,i=this.watched===r;return w`<button
      aria-expanded=${i}
      @click=${()=>{this.watched=i?``:r}}
    >
      <ha-icon icon=${i?`mdi:close`:t===`sealed`?`mdi:play-box-lock`:`mdi:play`}></ha-icon>${n(i?`watch.close`:t===`sealed`?`watch.open_sealed`:`watch.open_card`)}
    </button>`}trouble(e,t){let{t:n,hass:r}=this.context,i=Y(r,t,e.camera_name),a=e.state===`requested`?e.progress?.state:void 0;return a===`retrieving`||a===`writing`?w`<p class="small soft">${n(`clip.setback`,{error:i})}</p>`:w`<ha-alert alert-type="warning"
      >${it(n,t,e.camera_name)??n(`clip.error`,{error:i,attempts:e.attempts})}</ha-alert
    >`}sealed(e){let{t,clock:n}=this.context,{sealed:r}=e;if(!r)return E;let i=[r.master,r.viewing_copy].filter(e=>e!==null);return w`
      <p class="small">
        ${t(`clip.facts`,{width:r.width,height:r.height,codec:r.codec.toUpperCase(),pictures:r.pictures,first:n.at(r.first_picture),last:n.at(r.last_picture)})}
        ${r.damaged?t(`clip.damaged`,{count:r.damaged}):E}
        ${r.signed_by_camera?t(`clip.signed`):E}
      </p>
      ${r.gaps.length?rt(t,n,r.gaps):w`<p class="small with-icon"><ha-icon icon="mdi:check-circle"></ha-icon>${t(`find.complete`)}</p>`}
      <details>
        <summary class="small">${t(`clip.hashes`)}</summary>
        <dl class="small">
          ${i.map(e=>w`<dt>${e.name}</dt>
                <dd class="mono">${t(`clip.size`,{mb:(e.size/1e6).toFixed(1)})} ${e.sha256}</dd>`)}
        </dl>
      </details>
    `}told(e,t,n){let{t:r,hass:i}=this.context,{shown:a}=this,o=a?.passages.find(t=>t.clip===e.details.clip)?.camera_name??``;switch(t){case`outcome`:return R(r,`outcomes.${n}`,n);case`clip`:return o?r(`history.clip`,{camera:o,clip:n}):n;case`error`:return it(r,n,o)??Y(i,n,o);case`what`:return R(r,`deeds.${n.replace(/_case$/,``)}`,n);case`reason`:return e.action===`refused`?Y(i,n,o,this.caseId):n;default:return n}}step(e){let{t,clock:n}=this.context,r=pt.flatMap(n=>{let r=e.details[n];if(typeof r!=`string`||!r)return[];let i=this.told(e,n,r);return[t(`history.told`,{name:R(t,`fields.${n}`,n),text:i})]});return w`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong>${R(t,`history.${e.action}`,e.action)}</strong>
        <span>${e.person?.name??t(`history.nobody`)}</span>
      </div>
      <time class="soft small" datetime=${e.at}>${n.at(e.at)}</time>
      ${r.map(e=>w`<div class="small">${e}</div>`)}
    </li>`}render(){let{t:e}=this.context,{shown:t}=this;return t?w`<div class="page">
      <p><a class="with-icon" href="${H()}/cases"><ha-icon icon="mdi:arrow-left"></ha-icon>${e(`case.back`)}</a></p>
      <h1 tabindex="-1">${e(`case.heading`,{case:t.case,kind:e(`kinds.${t.kind}`)})}</h1>
      ${this.errorAlert(this.unread)} ${this.next(t)}
      ${this.released&&G.has(t.state)?this.package(this.released):E}
      ${this.asking?this.question(this.asking,t):E}
      <ha-card>
        <h2>${e(`case.footage`)}</h2>
        ${t.passages.length?w`<ul class="clips">
              ${t.passages.map(e=>this.clip(e,t))}
            </ul>`:w`<p class="soft">${e(`case.no_footage`)}</p>`}
      </ha-card>
      <ha-card>
        <h2>${e(`case.request`)}</h2>
        <dl>
          ${Object.entries(t.request).filter(([,e])=>e).map(([t,n])=>w`<dt>${R(e,`fields.${t}`,t)}</dt>
                  <dd>${n}</dd>`)}
        </dl>
      </ha-card>
      <ha-card>
        <h2>${e(`case.history`)}</h2>
        <ol class="history">
          ${t.history.map(e=>this.step(e))}
        </ol>
      </ha-card>
    </div>`:w`<div class="page">
        <h1 tabindex="-1">${this.caseId}</h1>
        ${this.unread?this.errorAlert(this.unread):w`<p role="status">${e(`common.loading`)}</p>`}
        <p><a href="${H()}/cases">${e(`case.back`)}</a></p>
      </div>`}},gt=class extends V{static properties={...V.properties,cases:{state:!0},everything:{state:!0},words:{state:!0}};static styles=[I,o`
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
    `];constructor(){super(),this.everything=!1,this.words=``}async read(){this.cases=await this.context.api.listCases()}shown(){let e=this.words.trim().toLowerCase();return(this.cases??[]).filter(t=>(this.everything||G.has(t.state))&&[t.case,t.document_number,t.organisation].some(t=>t.toLowerCase().includes(e)))}filter(e,t){return w`<label class="choice"
      ><input
        type="radio"
        name="filter"
        .checked=${this.everything===e}
        @change=${()=>{this.everything=e}}
      />${t}</label
    >`}line(e){let{t,clock:n,info:r}=this.context,i=K(e.overwritten_at,/* @__PURE__ */ new Date);return w`<li>
      <a href="${H()}/case/${e.case}">
        <span>
          <span class="number">${e.case}</span><br />
          <span class="soft small">${n.date(e.created_at)}</span>
        </span>
        <span>
          <strong>${t(`kinds.${e.kind}`)}</strong><br />
          ${[e.organisation,e.document_number].filter(Boolean).join(`　`)}<br />
          <span class="soft small"
            >${t(`cases.line`,{person:e.created_by.name,sealed:e.sealed,clips:e.clips})}
            ${e.percent===null?E:w`・${t(`cases.percent`,{percent:Math.floor(e.percent)})}`}</span
          >
        </span>
        <span class="chips">
          <span class="chip ${G.has(e.state)?``:`done`}"
            ><ha-icon icon=${tt[e.state]}></ha-icon>${t(`states.${e.state}`)}</span
          >
          ${Ze(e,r)?w`<span class="chip turn"
                ><ha-icon icon="mdi:account-arrow-left"></ha-icon>${t(`cases.your_turn`)}</span
              >`:E}
          ${i!==null&&i<48&&G.has(e.state)?J(t,i):E}
        </span>
        <span class="soft small" style="grid-column: 1 / -1">${t(Xe(e,r))}</span>
      </a>
    </li>`}render(){let{t:e,info:t}=this.context,n=this.shown();return w`<div class="page">
      <div class="row spread">
        <h1 tabindex="-1">${e(`cases.heading`)}</h1>
        ${t.roles.includes(`exporter`)?w`<a class="button main" href="${H()}/new"
              ><ha-icon icon="mdi:folder-plus"></ha-icon>${e(`nav.new`)}</a
            >`:E}
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
        ${n.map(e=>this.line(e))}
      </ul>
      ${this.cases&&!this.cases.length?w`<ha-card><p>${e(t.roles.includes(`exporter`)?`cases.none`:`cases.none_to_decide`)}</p></ha-card>`:E}
    </div>`}},_t=class extends N{static properties={heading:{type:String}};static styles=[I,o`
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
    `];firstUpdated(){this.renderRoot.querySelector(`dialog`)?.showModal()}closed(){this.dispatchEvent(new CustomEvent(`dismissed`))}render(){return w`<dialog aria-labelledby="heading" @close=${this.closed}>
      <h2 id="heading">${this.heading}</h2>
      <slot></slot>
    </dialog>`}};function vt(e,t){let n=document.createElement(`iframe`);n.title=e,n.style.cssText=`position:fixed;inline-size:0;block-size:0;border:0`,document.body.append(n);let r=n.contentDocument,i=n.contentWindow;if(!r||!i)return;let a=r.createElement(`style`);a.textContent=`
    @page { size: A4; margin: 20mm }
    body { font: 12pt/1.7 sans-serif; color: #000 }
    h1 { font-size: 16pt }
    dt { font-weight: bold; margin-block-start: 6mm }
    dd { margin: 0; overflow-wrap: anywhere; font-family: monospace }`,r.head.append(a);let o=r.createElement(`h1`);o.textContent=e;let s=r.createElement(`dl`);for(let[e,n]of t){let t=r.createElement(`dt`);t.textContent=e;let i=r.createElement(`dd`);i.textContent=n,s.append(t,i)}r.body.append(o,s),i.addEventListener(`afterprint`,()=>{n.remove()}),i.focus(),i.print()}var yt=class extends V{static properties={...V.properties,verified:{state:!0},verifiedAt:{state:!0},link:{state:!0},entries:{state:!0}};static styles=[I,o`
      .entries {
        list-style: none;
        margin: 0 0 16px;
        padding: 0;
      }
      .entries li {
        padding: 8px 0;
        border-bottom: 1px solid var(--divider-color);
      }
      .entries li.refused strong {
        color: var(--error-color);
      }
    `];constructor(){super(),this.entries=[]}async read(){let e=await this.context.api.ledgerPage(),t=e.at(-1)?.number??0;this.entries=[...e,...this.entries.filter(e=>e.number<t)]}async older(){await this.attempt(`older`,async()=>{let e=this.entries.at(-1)?.number;e!==void 0&&(this.entries=[...this.entries,...await this.context.api.ledgerPage(e)])})}entry(e){let{t,clock:n}=this.context,r=e.details.passage;return w`<li class=${e.action===`refused`?`refused`:``}>
      <div class="row">
        <strong>${R(t,`history.${e.action}`,e.action)}</strong>
        <span>${e.person?.name??t(`history.nobody`)}</span>
        ${e.case?w`<a href=${`${H()}/case/${e.case}`}>${e.case}</a>`:w`<span>${e.camera??``}</span>`}
      </div>
      <div class="soft small">${e.number} · <time datetime=${e.at}>${n.at(e.at)}</time></div>
      ${r?w`<div class="small">${t(`clip.span`,{start:n.at(r.start),end:n.at(r.end)})}</div>`:E}
    </li>`}async verify(){this.verified=void 0,await this.attempt(`verify`,async()=>{this.verified=await this.context.api.verifyLedger(),this.verifiedAt=/* @__PURE__ */ new Date})}async export(e){this.link=void 0,await this.attempt(e,async()=>{this.link=await this.context.api.exportLedger(e)})}print(){let{t:e,clock:t,info:n}=this.context;vt(e(`ledger.anchor_heading`),[[e(`ledger.number`),String(n.ledger.number)],[e(`ledger.hash`),n.ledger.hash],[e(`ledger.printed_at`),t.at(/* @__PURE__ */ new Date)],[e(`ledger.printed_by`),n.user.name],[e(`ledger.keep`),e(`ledger.anchor_help`)]])}verdict(){let{t:e,clock:t}=this.context;if(!this.verified||!this.verifiedAt)return E;let{broken:n,entries:r,reason:i}=this.verified,a=t.at(this.verifiedAt);return n===null?w`<ha-alert alert-type="success">${e(`ledger.whole`,{entries:r,at:a})}</ha-alert>`:w`<ha-alert alert-type="error">${e(`ledger.broken`,{number:n,reason:i,at:a})}</ha-alert>`}render(){let{t:e,info:t,clock:n}=this.context,{ledger:r}=t,i=t.roles.some(e=>e!==`viewer`);return w`<div class="page">
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
          ${[`csv`,`jsonl`].map(t=>w`<button
                ?disabled=${!!this.busy||!r.available||!i}
                aria-describedby=${i?E:`export-why`}
                @click=${()=>void this.export(t)}
              >
                <ha-icon icon="mdi:file-export"></ha-icon>${e(t===`csv`?`ledger.csv`:`ledger.jsonl`)}
              </button>`)}
        </div>
        ${i?E:w`<p id="export-why" class="soft small">${e(`why.not_ledger`)}</p>`}
        <div role="status">
          ${this.link?w`<p class="row">
                <a
                  class="button main"
                  href=${this.link.link}
                  download
                  @click=${()=>{setTimeout(()=>{this.link=void 0})}}
                  ><ha-icon icon="mdi:download"></ha-icon>${e(`release.download`,{name:this.link.file.name})}</a
                >
                <span class="small">${e(`release.once`,{at:n.at(this.link.expires)})} ${e(`release.anyone`)}</span>
              </p>`:E}
        </div>
      </ha-card>
      <ha-card>
        <h2>${e(`ledger.entries_heading`)}</h2>
        ${this.errorAlert(this.unread)}
        <ol class="entries">
          ${this.entries.map(e=>this.entry(e))}
        </ol>
        ${(this.entries.at(-1)?.number??1)>1?w`<button ?disabled=${!!this.busy} @click=${()=>void this.older()}>${e(`ledger.older`)}</button>`:E}
      </ha-card>
      ${this.errorAlert()}
    </div>`}},$=`new`,bt=/* @__PURE__ */ new Set([`purpose`,`note`]),xt=class extends B{static properties={...B.properties,typed:{state:!0},passage:{state:!0}};static styles=[I,o`
      .send {
        justify-content: flex-end;
      }
    `];constructor(){super();let{cameras:e,start:t,end:n,margin:r,...i}=Le($);this.typed=i,this.passage={cameras:e??``,start:t??``,end:n??``,margin:r??X.margin}}firstUpdated(){this.shadowRoot?.querySelector(`h1`)?.focus({preventScroll:!0})}rule(){let{kinds:e}=this.context.info;return e.find(e=>e.kind===this.typed.kind)}save(){W($,{...this.typed,...Z(this.passage)?{...this.passage}:{}})}type(e,t){this.typed={...this.typed,[e]:t},this.save()}choose(e){let t=this.rule()?.legal_bases??[],n=this.typed.legal_basis??``,r=n&&!t.includes(n)?n:``,[i,...a]=e.legal_bases;this.typed={...this.typed,kind:e.kind,legal_basis:r||(i!==void 0&&!a.length?i:``)},this.save()}discard(){Re($),this.typed={},this.passage=X,this.error=``}async send(e){e.preventDefault();let t=e.target,n=this.rule(),r=this.renderRoot.querySelector(`niiza-cctv-passage`);if(!n||!t.reportValidity()||r?.check()===!1)return;let i=[...n.required,...n.optional],a=Object.fromEntries(i.map(e=>[e,this.typed[e]?.trim()??``]));await this.attempt(`send`,async()=>{let e=await this.context.api.createCase(n.kind,a,Q(this.passage)??void 0);this.discard(),Fe(`case/${e.case}`)})}field(e,t){let{t:n,clock:r}=this.context,i=e.required.includes(t),a=this.typed[t]??``,o=R(n,`help.${t}`,``),s=e=>{this.type(t,e.target.value)},c=t===`legal_basis`?e.legal_bases:[],l=o?`${t}-help`:E;return w`<div class="field ${bt.has(t)?`wide`:``}">
      <label for=${t}
        >${R(n,`fields.${t}`,t)}
        ${i?w`<span class="mark">${n(`common.required`)}</span>`:E}</label
      >
      ${o?w`<span class="soft small" id="${t}-help">${o}</span>`:E}
      ${bt.has(t)?w`<textarea
            id=${t}
            maxlength="1000"
            ?required=${i}
            aria-describedby=${l}
            .value=${a}
            @input=${s}
          ></textarea>`:w`<input
            id=${t}
            type=${t===`document_date`?`date`:`text`}
            max=${t===`document_date`?r.field(/* @__PURE__ */ new Date).slice(0,10):E}
            maxlength="200"
            autocomplete="off"
            list=${c.length>1?`bases`:E}
            ?required=${i}
            aria-describedby=${l}
            .value=${a}
            @input=${s}
          />`}
      ${c.length>1?w`<datalist id="bases">${c.map(e=>w`<option value=${e}></option>`)}</datalist>`:E}
    </div>`}form(e){let{t}=this.context,n=Z(this.passage);return w`
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
      ${e.may_release_master?E:w`<ha-alert alert-type="info">${t(`new.no_master`)}</ha-alert>`}
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
    `}render(){let{t:e,info:t}=this.context,n=this.rule();return t.roles.includes(`exporter`)?w`<form class="page" novalidate @submit=${this.send}>
      <h1 tabindex="-1">${e(`new.heading`)}</h1>
      <ha-card>
        <fieldset>
          <legend><h2>${e(`new.kind`)}</h2></legend>
          <div class="choices">
            ${t.kinds.map(t=>w`<label class="choice"
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
      ${n?this.form(n):E}
    </form>`:w`<div class="page">
        <h1 tabindex="-1">${e(`new.heading`)}</h1>
        <ha-alert alert-type="info">${e(`why.not_exporter`)}</ha-alert>
      </div>`}},St=1e3,Ct=class e extends N{static properties={hass:{attribute:!1},narrow:{type:Boolean},route:{attribute:!1},context:{state:!0},failure:{state:!0},changes:{state:!0}};static styles=[I,o`
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
      header :focus-visible {
        outline-color: currentColor;
        outline-offset: -4px;
      }
      .notice {
        margin: 16px auto 0;
        max-width: 1100px;
        padding-inline: 16px;
      }
    `];static bundle=``;language=``;client;unsubscribe;timer;lastRead=0;refused;constructor(){super(),this.narrow=!1,this.failure=``,this.changes=0}connectedCallback(){super.connectedCallback(),this.client&&this.begin()}disconnectedCallback(){super.disconnectedCallback(),this.stopListening()}stopListening(){clearTimeout(this.timer),this.timer=void 0,this.unsubscribe?.(),this.unsubscribe=void 0}shouldUpdate(e){if(e.size>1||!e.has(`hass`))return!0;let t=e.get(`hass`);return t?.language!==this.hass.language||t.connected!==this.hass.connected||t.panels!==this.hass.panels}willUpdate(e){if(!e.has(`hass`))return;let t=e.get(`hass`);!this.client||this.language!==this.hass.language?(this.language=this.hass.language,this.client??=new Ne(this.hass.connection),this.begin()):t&&!t.connected&&this.hass.connected&&!this.refused&&this.readInfo()}async begin(){try{if(await Pe(this.hass),this.refused){this.failed(this.refused);return}if(await this.readInfo(),!this.isConnected||this.unsubscribe||this.isRefused())return;this.unsubscribe=await this.client?.changes(()=>{this.somethingChanged()}),this.endIfGone()}catch(e){this.failed(e)}}isRefused(){return this.refused!==void 0}endIfGone(){(!this.isConnected||this.refused)&&this.stopListening()}somethingChanged(){if(this.timer!==void 0)return;let e=Math.max(0,this.lastRead+St-Date.now());this.timer=setTimeout(()=>{this.timer=void 0,this.readInfo()},e)}async readInfo(){if(this.client){this.lastRead=Date.now();try{let e=await this.client.info();this.context={hass:this.hass,t:L(this.hass),api:this.client,clock:new Qe(this.hass.language,e.time_zone),info:e},this.failure=``,this.changes+=1}catch(e){this.failed(e)}}}failed(e){e instanceof F&&e.refusesPerson&&(this.context=void 0,this.refused=e,this.stopListening());let t=L(this.hass);this.failure=this.context?t(`common.stale`,{error:z(this.hass,t,e)}):z(this.hass,t,e)}outdated(){let t=this.hass.panels[`niiza-cctv`]?.config?.bundle;return typeof t==`string`&&t!==e.bundle}page(){if(!this.context)return E;let[e=`cases`,t=``]=(this.route?.path??``).split(`/`).filter(Boolean);switch(e){case`case`:return w`<niiza-cctv-case
          .context=${this.context}
          .changes=${this.changes}
          .caseId=${decodeURIComponent(t)}
        ></niiza-cctv-case>`;case`new`:return w`<niiza-cctv-new .context=${this.context}></niiza-cctv-new>`;case`ledger`:return w`<niiza-cctv-ledger
          .context=${this.context}
          .changes=${this.changes}
        ></niiza-cctv-ledger>`;default:return w`<niiza-cctv-cases
          .context=${this.context}
          .changes=${this.changes}
        ></niiza-cctv-cases>`}}tab(e,t,n,r){return w`<a href="${H()}/${e}" aria-current=${r?`page`:E}
      ><ha-icon icon=${t}></ha-icon>${n}</a
    >`}render(){let e=L(this.hass),t=(this.route?.path??``).split(`/`)[1]??``,n=this.context?.info.roles.includes(`exporter`);return w`
      <header>
        <ha-menu-button .hass=${this.hass} .narrow=${this.narrow}></ha-menu-button>
        <div class="title">${e(`nav.title`)}</div>
        ${this.context?w`<nav aria-label=${e(`nav.title`)}>
              ${this.tab(`cases`,`mdi:folder-multiple`,e(`nav.cases`),![`new`,`ledger`].includes(t))}
              ${n?this.tab(`new`,`mdi:folder-plus`,e(`nav.new`),t===`new`):E}
              ${this.tab(`ledger`,`mdi:book-lock`,e(`nav.ledger`),t===`ledger`)}
            </nav>`:E}
      </header>
      ${this.notices()}
      <main>${this.page()}</main>
    `}notices(){let e=L(this.hass);return w`<div class="notice" role="status">
      ${this.outdated()?w`<ha-alert alert-type="info"
            >${e(`common.outdated`)}
            <button
              slot="action"
              @click=${()=>{location.reload()}}
            >
              ${e(`common.reload`)}
            </button></ha-alert
          >`:E}
      ${this.failure?w`<ha-alert alert-type="error">${this.failure}</ha-alert>`:E}
      ${this.failure&&!this.context&&!this.refused?w`<p>
            <button @click=${()=>void this.begin()}>${e(`common.again`)}</button>
          </p>`:E}
      ${this.context&&!this.context.info.ledger.available?w`<ha-alert alert-type="error">${e(`common.ledger_down`)}</ha-alert>`:E}
    </div>`}};function wt(e){let t=[],n=0,r=0,i=NaN;for(let a of e.split(/\r?\n/))a.startsWith(`#EXT-X-PROGRAM-DATE-TIME:`)?i=Date.parse(a.slice(25)):a.startsWith(`#EXTINF:`)?r=parseFloat(a.slice(8)):a&&!a.startsWith(`#`)&&(Number.isNaN(i)||t.push({offset:n,length:r,at:i}),n+=r,i+=r*1e3);return t}function Tt(e,t){let n=e.findLast(e=>e.offset<=t)??e[0];return n?new Date(n.at+(t-n.offset)*1e3):null}function Et(e,t){let n=t.getTime();for(let t of e){if(n<t.at)return t.offset;if(n<t.at+t.length*1e3)return t.offset+(n-t.at)/1e3}let r=e.at(-1);return r?r.offset+r.length:0}var Dt=`application/vnd.apple.mpegurl`,Ot=[-60,-10,-1,1,10,60],kt=[.5,1,2,4],At=class extends B{static properties={...B.properties,camera:{type:String},cameraName:{type:String},start:{type:String},end:{type:String},gaps:{state:!0},pick:{type:Boolean},kept:{type:Boolean},path:{state:!0},at:{state:!0},fallback:{state:!0}};static styles=[I,o`
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
    `];moments=[];shownFor=``;constructor(){super(),this.gaps=[],this.pick=!1,this.kept=!1,this.path=``,this.at=null,this.fallback=!1}willUpdate(){this.camera!==this.shownFor&&(this.shownFor=this.camera,this.open())}async open(){this.path=``,await this.attempt(`open`,async()=>{let{url:e,codec:t,gaps:n}=await this.context.api.playback(this.camera,this.start,this.end);if(t&&!jt(t)){this.error=this.context.t(this.unplayable());return}let r=await fetch(e);r.ok?(this.moments=wt(await r.text()),!document.createElement(`video`).canPlayType(Dt)&&(this.fallback=await Mt(),!this.fallback)?this.error=this.context.t(`watch.no_hls`):(this.gaps=n,this.path=e,await this.updateComplete,this.scrollIntoView({block:`nearest`}))):this.error=this.context.t(`watch.refused`,{status:r.status})})}video(){let e=this.renderRoot.querySelector(`video, ha-hls-player`);return e instanceof HTMLVideoElement?e:e?.shadowRoot?.querySelector(`video`)??null}tick(){let e=this.video();e&&(this.at=Tt(this.moments,e.currentTime))}jump(e){let t=this.video();t&&(t.currentTime=Math.max(0,t.currentTime+e))}seek(e){let t=this.video(),n=e.currentTarget.getBoundingClientRect(),r=new Date(this.start).getTime(),i=new Date(this.end).getTime();if(!t||!n.width)return;let a=new Date(r+(i-r)*(e.clientX-n.left)/n.width);t.currentTime=Et(this.moments,a)}unplayable(){return this.kept?`watch.cannot_play_kept`:`watch.cannot_play`}broken(){let e=this.video()?.error?.code;this.error=this.context.t(e===MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED||e===MediaError.MEDIA_ERR_DECODE?this.unplayable():`watch.broken`)}take(e){this.at&&this.dispatchEvent(new CustomEvent(`picked`,{detail:{edge:e,at:this.at}}))}player(){return this.path?this.fallback?w`<ha-hls-player
          .hass=${this.context.hass}
          .url=${this.path}
          .controls=${!0}
          .muted=${!0}
          .playsInline=${!0}
          .autoPlay=${!0}
        ></ha-hls-player>`:w`<video
          src=${this.path}
          controls
          autoplay
          muted
          playsinline
          disablepictureinpicture
          controlslist="nodownload noremoteplayback"
          aria-label=${this.context.t(`watch.label`,{camera:this.cameraName})}
          @timeupdate=${this.tick}
          @seeked=${this.tick}
          @error=${this.broken}
        ></video>`:E}render(){let{t:e,clock:t}=this.context,n={start:this.start,end:this.end};return w`
      <p class="small soft">${e(`watch.recorded`)}</p>
      ${this.busy?w`<p role="status">${e(`common.loading`)}</p>`:E}
      ${this.error?w`${this.errorAlert()}
            ${this.refused?E:w`<p><button type="button" @click=${()=>void this.open()}>${e(`common.again`)}</button></p>`}`:E}
      ${this.player()}
      ${this.path?w`
            <div @pointerdown=${this.seek}>
              ${nt(e,n,this.gaps,this.at?.toISOString())}
            </div>
            <div class="row spread">
              <span class="time">${this.at?t.at(this.at):`–`}</span>
              <span class="row">
                <label for="speed">${e(`watch.speed`)}</label>
                <select
                  id="speed"
                  @change=${e=>{let t=this.video();t&&(t.playbackRate=Number(e.target.value))}}
                >
                  ${kt.map(e=>w`<option value=${e} ?selected=${e===1}>×${e}</option>`)}
                </select>
              </span>
            </div>
            <div class="row jumps" role="group" aria-label=${e(`watch.jump`)}>
              ${Ot.map(t=>w`<button
                    type="button"
                    @click=${()=>{this.jump(t)}}
                  >
                    ${e(`watch.seconds`,{seconds:`${t<0?`−`:`+`}${Math.abs(t)}`})}
                  </button>`)}
            </div>
            ${this.pick?w`<div class="row">
                  ${[`start`,`end`].map(t=>w`<button
                        type="button"
                        ?disabled=${!this.at}
                        @click=${()=>{this.take(t)}}
                      >
                        <ha-icon icon=${t===`start`?`mdi:ray-start-arrow`:`mdi:ray-end`}></ha-icon>
                        ${e(t===`start`?`watch.take_start`:`watch.take_end`)}
                      </button>`)}
                </div>`:E}
          `:E}
    `}};function jt(e){return e!==`hevc`||document.createElement(`video`).canPlayType(`video/mp4; codecs="hvc1.1.6.L93.B0"`)!==``}async function Mt(){if(customElements.get(`ha-hls-player`))return!0;let e=window.loadCardHelpers;return(await e?.())?.createCardElement({type:`picture-entity`,entity:`camera.none`}),Promise.race([customElements.whenDefined(`ha-hls-player`).then(()=>!0),new Promise(e=>setTimeout(e,5e3,!1))])}var Nt=class extends B{static properties={...B.properties,clip:{type:String},cameraName:{type:String},path:{state:!0}};static styles=[I,o`
      :host {
        display: grid;
        gap: 12px;
      }
      video {
        aspect-ratio: 16 / 9;
        background: #000;
        border-radius: 12px;
        display: block;
        inline-size: 100%;
        max-block-size: 70vh;
      }
    `];shownFor=``;constructor(){super(),this.path=``}willUpdate(){this.clip!==this.shownFor&&(this.shownFor=this.clip,this.open())}async open(){this.path=``,await this.attempt(`open`,async()=>{let{path:e,codec:t}=await this.context.api.watchClip(this.clip);jt(t)?(this.path=e,await this.updateComplete,this.scrollIntoView({block:`nearest`})):this.error=this.context.t(`watch.cannot_play_sealed`)})}broken(e){let t=e.target.error?.code;this.path=``,this.error=this.context.t(t===MediaError.MEDIA_ERR_DECODE?`watch.cannot_play_sealed`:`watch.broken_sealed`)}render(){let{t:e}=this.context;return w`
      <p class="small soft">${e(`watch.recorded`)}</p>
      ${this.busy?w`<p role="status">${e(`common.loading`)}</p>`:E}
      ${this.errorAlert()}
      ${this.error&&!this.refused?w`<p><button type="button" @click=${()=>void this.open()}>${e(`common.again`)}</button></p>`:E}
      ${this.path?w`<video
            src=${this.path}
            controls
            autoplay
            muted
            playsinline
            disablepictureinpicture
            controlslist="nodownload noremoteplayback"
            aria-label=${e(`watch.label_sealed`,{camera:this.cameraName})}
            @error=${this.broken}
          ></video>`:E}
    `}};await customElements.whenDefined(`home-assistant`);for(let[e,t]of Object.entries({"niiza-cctv-dialog":_t,"niiza-cctv-watch":At,"niiza-cctv-sealed":Nt,"niiza-cctv-passage":ct,"niiza-cctv-cases":gt,"niiza-cctv-new":xt,"niiza-cctv-case":ht,"niiza-cctv-ledger":yt,"niiza-cctv-panel":Ct}))customElements.get(e)||customElements.define(e,t);Ct.bundle=new URL(import.meta.url).pathname.split(`/`).at(-2)??``,Ve();